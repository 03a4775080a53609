package io.blockmover.velero.download;

import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.transfer.Transfer;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A PersistentVolume that was restored into, with the marks that we set on it. It is marked before
 * the claim goes through which it was filled: from then on the marks are all that leads to it.
 *
 * <p>There are two ways out, and each begins with a write to the marked volume that fails if
 * anybody has written to it since it was read. So it is either handed over or discarded, never
 * both, even where two controllers work at once.
 */
record RestoredVolume(ClusterObject volume) {

  /** When it was marked. */
  static final String RESTORED = "blockmover.io/restored-at";

  /** uid of the claim that it is for. */
  static final String TARGET = "blockmover.io/target-uid";

  /** The reclaim policy that it had. */
  static final String POLICY = "blockmover.io/reclaim-policy";

  /**
   * The mode in which it is handed over. From then on it belongs to the claim: see {@link Rebind}.
   */
  static final String HANDED_OVER = "blockmover.io/handed-over";

  /** Stays on it: uid of the transfer that restored it. */
  static final String RESTORED_BY = "blockmover.io/restored-by";

  private static final String BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
  private static final String PROVISIONERS_FINALIZER =
      "external-provisioner.volume.kubernetes.io/finalizer";
  private static final String RECLAIM_POLICY = "persistentVolumeReclaimPolicy";
  private static final String RETAIN = "Retain";
  private static final String DELETE = "Delete";

  String name() {
    return volume.name();
  }

  private Optional<String> note(String name) {
    return Optional.ofNullable(volume.annotations().get(name));
  }

  Optional<Instant> restored() {
    return note(RESTORED).map(Instant::parse);
  }

  /** uid of the transfer that it was marked for. */
  String transfer() {
    return volume.labels().getOrDefault(Transfer.UID_LABEL, "");
  }

  String target() {
    return note(TARGET).orElse("");
  }

  boolean handedOver() {
    return note(HANDED_OVER).isPresent();
  }

  /** Whether it changes its mode, for which a new object is made of it. */
  boolean changesMode() {
    return note(HANDED_OVER).filter(mode -> !mode.equals(mode())).isPresent();
  }

  String mode() {
    return volume.text("spec", "volumeMode").orElse("Filesystem");
  }

  String policy() {
    return volume.text("spec", RECLAIM_POLICY).orElse(RETAIN);
  }

  boolean doomed() {
    return !handedOver() && policy().equals(DELETE);
  }

  String driver() {
    return volume.text("spec", "csi", "driver").orElse("");
  }

  boolean bound() {
    return volume.text("status", "phase").filter("Bound"::equals).isPresent();
  }

  boolean restoredBy(Transfer transfer) {
    return note(RESTORED_BY).filter(transfer.uid()::equals).isPresent();
  }

  /** Whether it belongs to this very claim. */
  boolean belongsTo(String claimUid) {
    return volume.text("spec", "claimRef", "uid").filter(claimUid::equals).isPresent();
  }

  /** Kept whatever happens to its claim, and found again by whoever goes on. */
  static Map<String, Object> marked(
      RestoredVolume seen, Transfer transfer, String targetUid, Instant now) {
    return seen.patch(
        transfer.labels(),
        Map.of(RESTORED, now.toString(), TARGET, targetUid, POLICY, seen.policy()),
        Map.of(RECLAIM_POLICY, RETAIN));
  }

  /** Removed by its provisioner as soon as no claim has it. */
  static Map<String, Object> doomed(RestoredVolume seen, Map<String, String> labels) {
    return seen.patch(labels, Map.of(), Map.of(RECLAIM_POLICY, DELETE));
  }

  /** The claim's from now on. Where it changes its mode the object made of it will be bound. */
  static Map<String, Object> handedOver(RestoredVolume seen, TargetClaim target) {
    Map<String, Object> spec = new HashMap<>();
    if (!target.accessModes().isEmpty()) {
      spec.put("accessModes", target.accessModes());
    }
    if (seen.mode().equals(target.mode())) {
      spec.put("claimRef", claimRef(target));
    }
    Map<String, @Nullable String> notes = new HashMap<>();
    notes.put(HANDED_OVER, target.mode());
    notes.put(BOUND_BY_CONTROLLER, null);
    return seen.patch(target.selector(), notes, spec);
  }

  /** As any other volume of its claim, but for a word on where it came from. */
  static Map<String, Object> delivered(RestoredVolume seen) {
    Map<String, @Nullable String> labels = new HashMap<>();
    List.of(Transfer.MANAGER_LABEL, Transfer.UID_LABEL, Transfer.KIND_LABEL)
        .forEach(label -> labels.put(label, null));
    Map<String, @Nullable String> notes = new HashMap<>();
    List.of(RESTORED, TARGET, POLICY, HANDED_OVER).forEach(note -> notes.put(note, null));
    notes.put(RESTORED_BY, seen.transfer());
    return seen.patch(
        labels, notes, Map.of(RECLAIM_POLICY, seen.note(POLICY).orElse(seen.policy())));
  }

  private Map<String, Object> patch(
      Map<String, ? extends @Nullable String> labels,
      Map<String, ? extends @Nullable String> annotations,
      Map<String, ?> spec) {
    return Map.of(
        "metadata",
        Map.of(
            "resourceVersion",
            volume.resourceVersion(),
            "labels",
            labels,
            "annotations",
            annotations),
        "spec",
        spec);
  }

  /** With the uid: a claim of that name that somebody makes later is another claim. */
  private static Map<String, @Nullable Object> claimRef(TargetClaim target) {
    Map<String, @Nullable Object> reference = new HashMap<>();
    reference.put("apiVersion", "v1");
    reference.put("kind", "PersistentVolumeClaim");
    reference.put("namespace", target.name().namespace());
    reference.put("name", target.name().name());
    reference.put("uid", target.uid());
    reference.put("resourceVersion", null);
    reference.put("fieldPath", null);
    return reference;
  }

  /**
   * The same volume of the storage in the mode in which it is handed over. What its provisioner
   * noted down stays, or it would never delete the volume.
   *
   * @param target name of the claim
   * @param fileSystem empty if nobody knows
   */
  Map<String, Object> rebuilt(ObjectName target, Optional<String> fileSystem) {
    Map<String, String> notes = new HashMap<>(volume.annotations());
    notes.remove(BOUND_BY_CONTROLLER);
    Map<String, Object> spec = volume.fields("spec");
    Map<String, Object> csi = new LinkedHashMap<>(volume.fields("spec", "csi"));
    Map<String, Object> attributes = volume.fields("spec", "csi", "volumeAttributes");
    attributes.remove("storage.kubernetes.io/csiProvisionerIdentity"); // of the object, not of it
    csi.put("volumeAttributes", attributes);
    fileSystem.ifPresent(type -> csi.put("fsType", type));
    spec.put("csi", csi);
    spec.put("volumeMode", note(HANDED_OVER).orElse("Filesystem"));
    spec.put(RECLAIM_POLICY, RETAIN);
    spec.put(
        "claimRef",
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "PersistentVolumeClaim",
            "namespace",
            target.namespace(),
            "name",
            target.name(),
            "uid",
            target()));
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("labels", volume.labels());
    metadata.put("annotations", notes);
    if (volume.finalizers().contains(PROVISIONERS_FINALIZER)) {
      metadata.put("finalizers", List.of(PROVISIONERS_FINALIZER));
    }
    return Map.of("metadata", metadata, "spec", spec);
  }
}
