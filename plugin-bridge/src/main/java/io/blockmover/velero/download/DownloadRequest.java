package io.blockmover.velero.download;

import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.location.Domain;
import io.blockmover.velero.transfer.Transfer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a DataDownload asks for.
 *
 * @param target the claim that waits for its volume; it may not be there yet
 * @param fileSystem of the volume, where it is known
 * @param domain whose repository the backup is in
 * @param backup its id there
 * @param volumeBytes size of the backed up volume; absent before Velero 1.18
 */
record DownloadRequest(
    ObjectName target,
    Optional<String> fileSystem,
    Domain domain,
    String backup,
    OptionalLong volumeBytes) {

  private static final String SPEC = "spec";
  private static final String TARGET = "targetVolume";
  private static final String OURS = "blockmover";
  private static final String VERSION = "1";
  private static final int PARTS = 4;

  /**
   * Reads it.
   *
   * @throws ClusterObjectUnusable if it asks for what we cannot do
   */
  static DownloadRequest of(Transfer transfer) throws MoverException {
    ClusterObject object = transfer.object();
    refuse(object, List.of(SPEC, "restoreType"), "restores into a volume that is in use");
    refuse(object, List.of(SPEC, TARGET, "pv"), "restores into a volume that is there already");
    List<String> snapshot = snapshot(object.text(SPEC, "snapshotID").orElse(""));
    return new DownloadRequest(
        target(object),
        object.text(SPEC, TARGET, "fsType"),
        new Domain(snapshot.get(2)),
        snapshot.get(PARTS - 1),
        object.number(SPEC, "snapshotSize"));
  }

  /** A field of Velero's to come, which changes what is asked for. */
  private static void refuse(ClusterObject object, List<String> field, String meaning)
      throws MoverException {
    Optional<String> value = object.text(field.toArray(String[]::new));
    if (value.isPresent()) {
      throw ClusterObjectUnusable.refused(
          "%s is '%s', and blockmover does not know %s: such a request %s"
              .formatted(String.join(".", field), value.get(), field.getLast(), meaning),
          "restore into a claim that does not exist yet (--existing-volume-data-policy none)");
    }
  }

  private static ObjectName target(ClusterObject object) throws MoverException {
    String namespace = object.text(SPEC, TARGET, "namespace").orElse("");
    String claim = object.text(SPEC, TARGET, "pvc").orElse("");
    try {
      return new ObjectName(namespace, claim);
    } catch (IllegalArgumentException e) {
      throw ClusterObjectUnusable.refused(
          "spec.targetVolume names no claim: '%s/%s'".formatted(namespace, claim),
          "restore again with Velero");
    }
  }

  private static List<String> snapshot(String id) throws MoverException {
    if (id.isEmpty()) {
      throw ClusterObjectUnusable.refused(
          "spec.snapshotID is empty: the backup of this volume did not succeed",
          "see its DataUpload (velero backup describe --details), and restore from another backup");
    }
    List<String> parts = List.of(id.split("/", -1));
    if (!parts.getFirst().equals(OURS)) {
      throw ClusterObjectUnusable.refused(
          "spec.snapshotID '" + id + "' is none of blockmover's",
          "restore it with the data mover that made the backup (spec.datamover of its DataUpload)");
    }
    if (parts.size() < 2 || !parts.get(1).equals(VERSION)) {
      throw ClusterObjectUnusable.refused(
          "spec.snapshotID '" + id + "' was written by a newer blockmover", "upgrade blockmover");
    }
    if (parts.size() != PARTS || !Domain.isValid(parts.get(2)) || !isBackup(parts.get(3))) {
      throw ClusterObjectUnusable.refused(
          "spec.snapshotID '" + id + "' is damaged",
          "restore by hand: mover list, then mover restore --pvc");
    }
    return parts;
  }

  /** It becomes an argument of the pod. */
  private static boolean isBackup(String id) {
    return id.matches("[0-9a-f]{32}");
  }
}
