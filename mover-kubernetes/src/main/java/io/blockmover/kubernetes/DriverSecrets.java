package io.blockmover.kubernetes;

import io.blockmover.api.MoverException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.SecretReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names of the Secrets that a CSI driver is called with, as objects and classes tell them. None of
 * them is read here. Thread-safe; each call asks the API server anew.
 */
public final class DriverSecrets {

  private static final String DELETES_SNAPSHOT = "snapshot.storage.kubernetes.io/deletion-secret-";
  private static final String DELETES_VOLUME = "volume.kubernetes.io/provisioner-deletion-secret-";
  private static final String PARAMETER = "csi.storage.k8s.io/";
  private static final int PAGE = 500;

  private final KubernetesClient client;

  DriverSecrets(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Those for a snapshot: what its VolumeSnapshotContent says, then its class.
   *
   * @param content name of the VolumeSnapshotContent; it may be gone
   */
  public List<ObjectName> ofSnapshot(String content) throws MoverException {
    Optional<ClusterObject> found = object(Kinds.CONTENT, "VolumeSnapshotContent", content);
    Set<ObjectName> names = new LinkedHashSet<>();
    found.ifPresent(it -> pair(it.annotations(), DELETES_SNAPSHOT).ifPresent(names::add));
    Optional<String> className = found.flatMap(it -> it.text("spec", "volumeSnapshotClassName"));
    if (className.isPresent()) {
      object(Kinds.SNAPSHOT_CLASS, "VolumeSnapshotClass", className.get())
          .ifPresent(it -> parameters(it, "snapshotter", names));
    }
    return List.copyOf(names);
  }

  /**
   * Those for a volume: what its PersistentVolume says, by annotation and for its driver's calls.
   *
   * @param volume name of the PersistentVolume; it may be gone
   */
  public List<ObjectName> ofVolume(String volume) throws MoverException {
    PersistentVolume found =
        ApiCalls.call(
            "read volume " + volume, () -> client.persistentVolumes().withName(volume).get());
    if (found == null || found.getSpec().getCsi() == null) {
      return List.of();
    }
    Set<ObjectName> names = new LinkedHashSet<>();
    Map<String, String> annotations = found.getMetadata().getAnnotations();
    if (annotations != null) {
      pair(annotations, DELETES_VOLUME).ifPresent(names::add);
    }
    reference(found.getSpec().getCsi().getControllerExpandSecretRef()).ifPresent(names::add);
    reference(found.getSpec().getCsi().getNodeStageSecretRef()).ifPresent(names::add);
    return List.copyOf(names);
  }

  /** Those that the classes of a driver name, for snapshots first. */
  public List<ObjectName> ofDriver(String driver) throws MoverException {
    Set<ObjectName> names = new LinkedHashSet<>();
    for (ClusterObject each : all(Kinds.SNAPSHOT_CLASS, "VolumeSnapshotClasses")) {
      if (each.text("driver").filter(driver::equals).isPresent()) {
        parameters(each, "snapshotter", names);
      }
    }
    for (ClusterObject each : all(Kinds.STORAGE_CLASS, "StorageClasses")) {
      if (each.text("provisioner").filter(driver::equals).isPresent()) {
        parameters(each, "provisioner", names);
      }
    }
    return List.copyOf(names);
  }

  private static void parameters(ClusterObject of, String role, Set<ObjectName> into) {
    pair(of.texts("parameters"), PARAMETER + role + "-secret-").ifPresent(into::add);
  }

  /** Names that are templates, such as {@code ${pvc.namespace}}, are none. */
  private static Optional<ObjectName> pair(Map<String, String> texts, String prefix) {
    String namespace = texts.getOrDefault(prefix + "namespace", "");
    return ObjectName.parse(namespace + "/" + texts.getOrDefault(prefix + "name", ""));
  }

  private static Optional<ObjectName> reference(@Nullable SecretReference reference) {
    return reference == null
        ? Optional.empty()
        : ObjectName.parse(reference.getNamespace() + "/" + reference.getName());
  }

  private Optional<ClusterObject> object(ResourceDefinitionContext kind, String what, String name)
      throws MoverException {
    GenericKubernetesResource found =
        ApiCalls.call(
            "read " + what + " " + name,
            () -> client.genericKubernetesResources(kind).withName(name).get());
    return Optional.ofNullable(found).map(ClusterObject::new);
  }

  private List<ClusterObject> all(ResourceDefinitionContext kind, String what)
      throws MoverException {
    List<ClusterObject> all = new ArrayList<>();
    ApiCalls.call(
            "list the " + what,
            () -> Pages.all(client.genericKubernetesResources(kind)::list, PAGE))
        .forEach(each -> all.add(new ClusterObject(each)));
    return all;
  }
}
