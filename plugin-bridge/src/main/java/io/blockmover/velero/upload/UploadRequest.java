package io.blockmover.velero.upload;

import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.transfer.Transfer;

/**
 * What Velero asks for in a DataUpload.
 *
 * @param snapshot the VolumeSnapshot that it hands over
 * @param claim that the snapshot was taken of; it may be gone by now
 * @param claimUid of the claim as it was then
 * @param storageClass of the claim; empty if it is not said
 * @param backup name of Velero's backup, as its label has it
 * @param full whether all of the volume shall be read, whatever a tracker would say
 */
record UploadRequest(
    ObjectName snapshot,
    ObjectName claim,
    String claimUid,
    String storageClass,
    String backup,
    String backupUid,
    boolean full) {

  private static final String SPEC = "spec";
  private static final String CSI = "csiSnapshot";
  private static final String ADVICE =
      "Velero made it otherwise than we know it: mover doctor --cluster looks at the versions";

  static UploadRequest of(Transfer transfer) throws GiveUp {
    ClusterObject object = transfer.object();
    String type = object.text(SPEC, "snapshotType").orElse("CSI");
    if (!type.equals("CSI")) {
      throw new GiveUp(
          "DataUpload " + transfer.name() + " is of snapshot type " + type + ", not CSI", ADVICE);
    }
    String namespace = required(transfer, "sourceNamespace");
    String claimUid = object.labels().getOrDefault("velero.io/pvc-uid", "");
    if (claimUid.isEmpty()) {
      throw new GiveUp(
          "DataUpload "
              + transfer.name()
              + " has no label velero.io/pvc-uid, which names its volume",
          ADVICE);
    }
    try {
      return new UploadRequest(
          new ObjectName(namespace, required(transfer, CSI, "volumeSnapshot")),
          new ObjectName(namespace, required(transfer, "sourcePVC")),
          claimUid,
          object.text(SPEC, CSI, "storageClass").orElse(""),
          object.labels().getOrDefault("velero.io/backup-name", ""),
          object.labels().getOrDefault("velero.io/backup-uid", ""),
          object.text(SPEC, "parentSnapshot").orElse("").equals("none"));
    } catch (IllegalArgumentException e) {
      throw new GiveUp(
          "DataUpload " + transfer.name() + " cannot be used: " + e.getMessage(), ADVICE);
    }
  }

  private static String required(Transfer transfer, String... path) throws GiveUp {
    String[] whole = new String[path.length + 1];
    whole[0] = SPEC;
    System.arraycopy(path, 0, whole, 1, path.length);
    return transfer
        .object()
        .text(whole)
        .orElseThrow(
            () ->
                new GiveUp(
                    "DataUpload " + transfer.name() + " has no " + String.join(".", whole),
                    ADVICE));
  }

  /** The name under which backups of the volume follow each other. */
  String volume() {
    return claim + "@" + claimUid;
  }
}
