package io.blockmover.velero.transfer;

import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ObjectName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A DataUpload or DataDownload as it was read. Fields that a version of Velero lacks are absent.
 *
 * @param object for the fields of one kind only
 */
public record Transfer(TransferKind kind, ClusterObject object) {

  /** Keeps the object until what was made for it is removed. */
  public static final String FINALIZER = "blockmover.io/transfer";

  /** On all that is made for a transfer: its uid. */
  public static final String UID_LABEL = "blockmover.io/transfer-uid";

  /** On all that is made for a transfer: DataUpload or DataDownload. */
  public static final String KIND_LABEL = "blockmover.io/transfer";

  public static final String MANAGER_LABEL = "app.kubernetes.io/managed-by";
  public static final String MANAGER = "blockmover";

  /** The decided end of it, until all is removed. */
  static final String VERDICT = "blockmover.io/verdict";

  private static final String STATUS = "status";
  private static final String SPEC = "spec";

  public ObjectName name() {
    return new ObjectName(object.object().getMetadata().getNamespace(), object.name());
  }

  public String uid() {
    return object.uid();
  }

  /** Where it stands; a phase that we do not know is taken for one that has ended. */
  public TransferPhase phase() {
    return TransferPhase.parse(object.text(STATUS, "phase").orElse(""))
        .orElse(TransferPhase.FAILED);
  }

  /** The data mover that it is for. */
  public String dataMover() {
    return object.text(SPEC, "datamover").orElse("");
  }

  /** Whether Velero or a person wants no more of it. */
  public boolean cancelled() {
    return object.flag(SPEC, "cancel").orElse(false);
  }

  /** Whether it was deleted and only finalizers keep it. */
  public boolean deleting() {
    return object.deleting();
  }

  /** Whether our finalizer is on it. */
  public boolean held() {
    return finalizers().contains(FINALIZER);
  }

  List<String> finalizers() {
    List<String> found = object.object().getMetadata().getFinalizers();
    return found == null ? List.of() : List.copyOf(found);
  }

  public String backupLocation() {
    return object.text(SPEC, "backupStorageLocation").orElse("");
  }

  /** When Velero made it. */
  public Instant created() {
    String text = object.object().getMetadata().getCreationTimestamp();
    return text == null || text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
  }

  public Optional<Instant> accepted() {
    return object.time(STATUS, "acceptedTimestamp");
  }

  public Optional<Instant> started() {
    return object.time(STATUS, "startTimestamp");
  }

  public String message() {
    return object.text(STATUS, "message").orElse("");
  }

  /** How it will end, once what was made for it is removed; empty while nothing is decided. */
  public Optional<Verdict> verdict() {
    return Optional.ofNullable(object.annotations().get(VERDICT)).flatMap(Verdict::parse);
  }

  /** Name of the objects that are made for it. */
  public String objectName() {
    return "bm-" + uid();
  }

  /** Labels of the objects that are made for it. */
  public Map<String, String> labels() {
    return Map.of(MANAGER_LABEL, MANAGER, UID_LABEL, uid(), KIND_LABEL, kind.kind().kind());
  }

  /** For objects of its namespace that go when it goes. */
  public Map<String, Object> owner() {
    return Map.of(
        "apiVersion",
        kind.kind().apiVersion(),
        "kind",
        kind.kind().kind(),
        "name",
        object.name(),
        "uid",
        uid());
  }

  /** Finalizers with ours, or without it. */
  List<String> finalizers(boolean held) {
    List<String> all = new ArrayList<>(finalizers());
    all.remove(FINALIZER);
    if (held) {
      all.add(FINALIZER);
    }
    return all;
  }
}
