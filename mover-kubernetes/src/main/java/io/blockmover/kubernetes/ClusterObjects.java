package io.blockmover.kubernetes;

import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.api.ErrorKind;
import io.blockmover.api.MoverException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.AnyNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Creates, changes and deletes objects of some kinds. Thread-safe; each call asks the API server.
 */
public final class ClusterObjects {

  private static final int PAGE = 500;
  private static final int NOT_FOUND = 404;

  private final KubernetesClient client;

  ClusterObjects(KubernetesClient client) {
    this.client = client;
  }

  private static String shown(String namespace, String name) {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }

  private AnyNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      everywhere(ObjectKind kind) {
    return kind.namespaced()
        ? client.genericKubernetesResources(kind.context()).inAnyNamespace()
        : client.genericKubernetesResources(kind.context());
  }

  /** Those of one kind; the namespace is ignored where the kind has none. */
  private NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      of(ObjectKind kind, String namespace) {
    return namespace.isEmpty()
        ? client.genericKubernetesResources(kind.context())
        : client.genericKubernetesResources(kind.context()).inNamespace(namespace);
  }

  public Optional<ClusterObject> find(ObjectKind kind, ObjectName name) throws MoverException {
    return find(kind, name.namespace(), name.name());
  }

  /** An object of a kind that has no namespaces. */
  public Optional<ClusterObject> find(ObjectKind kind, String name) throws MoverException {
    return find(kind, "", name);
  }

  private Optional<ClusterObject> find(ObjectKind kind, String namespace, String name)
      throws MoverException {
    GenericKubernetesResource found =
        ApiCalls.call(
            "read " + kind.kind() + " " + shown(namespace, name),
            () -> of(kind, namespace).withName(name).get());
    return Optional.ofNullable(found).map(ClusterObject::new);
  }

  /**
   * Those that have all the labels.
   *
   * @param namespace empty for all namespaces, and for kinds that have none
   */
  public List<ClusterObject> list(ObjectKind kind, String namespace, Map<String, String> labels)
      throws MoverException {
    return ApiCalls.call(
            "list objects of kind "
                + kind.kind()
                + (namespace.isEmpty() ? "" : " in namespace " + namespace),
            () ->
                namespace.isEmpty()
                    ? Pages.all(everywhere(kind).withLabels(labels)::list, PAGE)
                    : Pages.all(of(kind, namespace).withLabels(labels)::list, PAGE))
        .stream()
        .map(ClusterObject::new)
        .toList();
  }

  /**
   * Creates an object.
   *
   * @param body with metadata; its kind is added
   * @throws ClusterObjectUnusable of kind CONFLICT if there is one of that name. After a reply that
   *     was lost it may be our own.
   */
  public ClusterObject create(ObjectKind kind, ObjectName name, Map<String, ?> body)
      throws MoverException {
    return create(kind, name.namespace(), name.name(), body);
  }

  /** Creates an object of a kind that has no namespaces, as the other one does. */
  public ClusterObject create(ObjectKind kind, String name, Map<String, ?> body)
      throws MoverException {
    return create(kind, "", name, body);
  }

  private ClusterObject create(ObjectKind kind, String namespace, String name, Map<String, ?> body)
      throws MoverException {
    Map<String, Object> whole = new LinkedHashMap<>(body);
    whole.put("apiVersion", kind.apiVersion());
    whole.put("kind", kind.kind());
    GenericKubernetesResource object =
        Serialization.unmarshal(Serialization.asJson(whole), GenericKubernetesResource.class);
    if (kind.namespaced()) {
      object.getMetadata().setNamespace(namespace);
    }
    object.getMetadata().setName(name);
    return new ClusterObject(
        ApiCalls.call(
            "create " + kind.kind() + " " + shown(namespace, name),
            () -> of(kind, namespace).resource(object).create()));
  }

  /**
   * Creates an object under a name that nobody else uses: one that is there already is our own, of
   * which the reply was lost.
   */
  public ClusterObject ensure(ObjectKind kind, ObjectName name, Map<String, ?> body)
      throws MoverException {
    return ensure(kind, name.namespace(), name.name(), body);
  }

  /** As the other one, of a kind that has no namespaces. */
  public ClusterObject ensure(ObjectKind kind, String name, Map<String, ?> body)
      throws MoverException {
    return ensure(kind, "", name, body);
  }

  private ClusterObject ensure(ObjectKind kind, String namespace, String name, Map<String, ?> body)
      throws MoverException {
    try {
      return create(kind, namespace, name, body);
    } catch (ClusterObjectUnusable e) {
      if (conflict(e)) {
        Optional<ClusterObject> own = find(kind, namespace, name);
        if (own.isPresent()) {
          return own.get();
        }
      }
      throw e;
    }
  }

  /**
   * Changes fields (RFC 7386).
   *
   * @param patch with {@code metadata.resourceVersion} if nobody may have changed it meanwhile
   * @throws ClusterObjectUnusable of kind CONFLICT if somebody has, NOT_FOUND if it is gone
   */
  public ClusterObject patch(ObjectKind kind, String namespace, String name, Map<String, ?> patch)
      throws MoverException {
    return new ClusterObject(
        ApiCalls.call(
            "change " + kind.kind() + " " + shown(namespace, name),
            () ->
                of(kind, namespace)
                    .withName(name)
                    .patch(PatchContext.of(PatchType.JSON_MERGE), Serialization.asJson(patch))));
  }

  /**
   * Begins to delete an object: the very one that was seen. What is gone already is no failure.
   *
   * @throws ClusterObjectUnusable of kind CONFLICT if there is another of that name by now
   */
  public void delete(ObjectKind kind, String namespace, ClusterObject object)
      throws MoverException {
    try {
      Map<String, Object> options = new LinkedHashMap<>();
      options.put("apiVersion", "v1");
      options.put("kind", "DeleteOptions");
      options.put("preconditions", Map.of("uid", object.uid()));
      options.put("propagationPolicy", "Background");
      client.raw(path(kind, namespace, object.name()), "DELETE", options);
    } catch (KubernetesClientException e) {
      if (e.getCode() != NOT_FOUND) {
        throw ApiCalls.failure("delete " + kind.kind() + " " + shown(namespace, object.name()), e);
      }
    }
  }

  private static String path(ObjectKind kind, String namespace, String name) {
    return (kind.apiVersion().contains("/") ? "/apis/" : "/api/")
        + kind.apiVersion()
        + (namespace.isEmpty() ? "/" : "/namespaces/" + namespace + "/")
        + kind.context().getPlural()
        + "/"
        + name;
  }

  /** Whether a failure says that there is such an object already, or that it was changed. */
  public static boolean conflict(MoverException e) {
    return e instanceof ClusterObjectUnusable && e.kind() == ErrorKind.CONFLICT;
  }
}
