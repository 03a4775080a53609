package io.blockmover.kubernetes;

import io.blockmover.api.MoverException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;

/**
 * Tells of each object of a kind, those that are there first, and of whatever becomes of them. A
 * connection that breaks is made anew, and what was missed meanwhile is told then.
 */
public final class ObjectWatch implements AutoCloseable {

  private final SharedIndexInformer<GenericKubernetesResource> informer;

  private ObjectWatch(SharedIndexInformer<GenericKubernetesResource> informer) {
    this.informer = informer;
  }

  /** Is told, on a thread of the watch, which it must not keep. */
  @FunctionalInterface
  public interface Listener {

    /**
     * An object is new, or changed.
     *
     * @param gone whether it is no more; then it is as it was last seen
     */
    void changed(ClusterObject object, boolean gone);
  }

  /** Returns when all objects that there are have been told of. */
  static ObjectWatch open(
      KubernetesClient client,
      ObjectKind kind,
      String namespace,
      Map<String, String> labels,
      Listener listener)
      throws MoverException {
    ResourceDefinitionContext context = kind.context();
    SharedIndexInformer<GenericKubernetesResource> informer =
        client
            .genericKubernetesResources(context)
            .inNamespace(namespace)
            .withLabels(labels)
            .runnableInformer(0);
    informer.exceptionHandler((started, failure) -> started || passing(failure));
    informer.addEventHandler(new Handler(listener));
    String what = "watch objects of kind " + kind.kind() + " in namespace " + namespace;
    try {
      ApiCalls.call(
          what,
          () -> {
            informer.run();
            return "";
          });
    } catch (MoverException e) {
      informer.close();
      throw e;
    }
    return new ObjectWatch(informer);
  }

  private static boolean passing(Throwable failure) {
    return !(failure instanceof KubernetesClientException e
        && e.getCode() >= 400
        && e.getCode() < 500);
  }

  private record Handler(Listener listener)
      implements ResourceEventHandler<GenericKubernetesResource> {

    @Override
    public void onAdd(GenericKubernetesResource object) {
      listener.changed(new ClusterObject(object), false);
    }

    @Override
    public void onUpdate(GenericKubernetesResource old, GenericKubernetesResource object) {
      listener.changed(new ClusterObject(object), false);
    }

    @Override
    public void onDelete(GenericKubernetesResource object, boolean unknown) {
      listener.changed(new ClusterObject(object), true);
    }
  }

  /** Whether it still hears of changes. */
  public boolean watching() {
    return informer.isWatching();
  }

  @Override
  public void close() {
    informer.close();
  }
}
