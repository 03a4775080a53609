package io.blockmover.kubernetes;

import io.blockmover.api.MoverException;
import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.GroupVersionForDiscovery;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.VersionInfo;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;
import java.util.Optional;

/** What a cluster has and allows. Thread-safe; each call asks the API server anew. */
public final class Inventory {

  private static final int PAGE = 500;

  private final KubernetesClient client;

  Inventory(KubernetesClient client) {
    this.client = client;
  }

  /** The server's version, such as {@code v1.34.4}. */
  public String serverVersion() throws MoverException {
    VersionInfo version =
        ApiCalls.call("ask the API server for its version", client::getKubernetesVersion);
    return version == null ? "unknown" : version.getGitVersion();
  }

  /** The versions of an API group that the server has; empty if it has none. */
  public List<String> versions(String group) throws MoverException {
    APIGroup found = ApiCalls.call("ask for API group " + group, () -> client.getApiGroup(group));
    return found == null
        ? List.of()
        : found.getVersions().stream().map(GroupVersionForDiscovery::getVersion).toList();
  }

  /**
   * Whether we may do something.
   *
   * @param resource the plural, with {@code /subresource} where there is one
   * @param namespace empty for all
   */
  public boolean may(String verb, String group, String resource, String namespace)
      throws MoverException {
    SelfSubjectAccessReview review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withResourceAttributes(ResourceAccess.of(verb, group, resource, namespace))
            .endSpec()
            .build();
    SelfSubjectAccessReview answer =
        ApiCalls.call(
            "ask what we may do",
            () -> client.authorization().v1().selfSubjectAccessReview().create(review));
    return ResourceAccess.allowed(answer.getStatus());
  }

  /** Names of the CSI drivers. */
  public List<String> drivers() throws MoverException {
    return list("CSIDrivers", Kinds.DRIVER).stream().map(ClusterObject::name).toList();
  }

  public List<StorageClassFacts> storageClasses() throws MoverException {
    return list("StorageClasses", Kinds.STORAGE_CLASS).stream().map(StorageClassFacts::of).toList();
  }

  public Optional<StorageClassFacts> storageClass(String name) throws MoverException {
    return storageClasses().stream().filter(found -> found.name().equals(name)).findFirst();
  }

  public List<SnapshotClassFacts> snapshotClasses() throws MoverException {
    return list("VolumeSnapshotClasses", Kinds.SNAPSHOT_CLASS).stream()
        .map(SnapshotClassFacts::of)
        .toList();
  }

  /** Pods of a namespace, or of all if it is empty, that have not ended. */
  public List<PodFacts> pods(String namespace) throws MoverException {
    return ApiCalls.call(
            "list the pods",
            () ->
                namespace.isEmpty()
                    ? Pages.all(client.pods().inAnyNamespace()::list, PAGE)
                    : Pages.all(client.pods().inNamespace(namespace)::list, PAGE))
        .stream()
        .map(PodFacts::of)
        .filter(pod -> !pod.ended())
        .toList();
  }

  private List<ClusterObject> list(String what, ResourceDefinitionContext kind)
      throws MoverException {
    return ApiCalls.call(
            "list the " + what,
            () -> Pages.all(client.genericKubernetesResources(kind)::list, PAGE))
        .stream()
        .map(ClusterObject::new)
        .toList();
  }
}
