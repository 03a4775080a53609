package io.blockmover.kubernetes;

import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.api.ErrorKind;
import io.blockmover.api.MoverException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;

/**
 * Objects of kinds that others define, and that a cluster may not have. Thread-safe; each call asks
 * the API server anew.
 */
public final class CustomObjects {

  private static final int PAGE = 500;

  private final KubernetesClient client;

  CustomObjects(KubernetesClient client) {
    this.client = client;
  }

  /** The object; empty if there is none, or no such kind. */
  public Optional<ClusterObject> find(CustomKind kind, ObjectName name) throws MoverException {
    for (String version : kind.versions()) {
      GenericKubernetesResource found =
          ApiCalls.call(
              "read " + kind.kind() + " " + name,
              () ->
                  client
                      .genericKubernetesResources(kind.context(version))
                      .inNamespace(name.namespace())
                      .withName(name.name())
                      .get());
      if (found != null) {
        return Optional.of(new ClusterObject(found));
      }
    }
    return Optional.empty();
  }

  /** All of a namespace; none if there is no such kind. */
  public List<ClusterObject> list(CustomKind kind, String namespace) throws MoverException {
    for (String version : kind.versions()) {
      try {
        return ApiCalls.call(
                "list objects of kind " + kind.kind() + " in namespace " + namespace,
                () ->
                    Pages.all(
                        client
                                .genericKubernetesResources(kind.context(version))
                                .inNamespace(namespace)
                            ::list,
                        PAGE))
            .stream()
            .map(ClusterObject::new)
            .toList();
      } catch (ClusterObjectUnusable e) {
        if (e.kind() != ErrorKind.NOT_FOUND) {
          throw e;
        }
      }
    }
    return List.of();
  }
}
