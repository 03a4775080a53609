package io.blockmover.kubernetes.check;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Inventory;
import io.blockmover.kubernetes.SnapshotClassFacts;
import io.blockmover.kubernetes.StorageClassFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Whether volumes of the cluster's storage classes can be snapshotted, and what is left then. */
final class SnapshotClassCheck {

  private static final String STORAGE = "storage classes";
  private static final String SNAPSHOTS = "snapshot classes";

  private SnapshotClassCheck() {}

  static List<ClusterFinding> run(Inventory inventory) throws MoverException {
    List<ClusterFinding> findings = new ArrayList<>();
    Set<String> drivers = new TreeSet<>(inventory.drivers());
    Set<String> used = new TreeSet<>();
    for (StorageClassFacts storage : inventory.storageClasses()) {
      if (drivers.contains(storage.provisioner())) {
        used.add(storage.provisioner());
        findings.add(
            ClusterFinding.fine(
                STORAGE, "%s is of driver %s".formatted(storage.name(), storage.provisioner())));
      } else {
        findings.add(
            ClusterFinding.warning(
                STORAGE,
                "%s is of %s, which is no CSI driver of this cluster"
                    .formatted(storage.name(), storage.provisioner()),
                "its volumes have no VolumeSnapshots, so they cannot be backed up from one",
                "kubectl get csidrivers"));
      }
    }
    if (used.isEmpty()) {
      findings.add(
          ClusterFinding.broken(
              STORAGE,
              "no StorageClass is of a CSI driver",
              "only volumes of CSI drivers can be snapshotted",
              drivers.isEmpty()
                  ? "kubectl get csidrivers"
                  : Commands.apply(storageClass(drivers.iterator().next()))));
    }
    List<SnapshotClassFacts> classes = inventory.snapshotClasses();
    for (String driver : used) {
      findings.addAll(ofDriver(driver, classes));
    }
    return findings;
  }

  /** Most drivers need parameters beside; their documents name them. */
  private static String storageClass(String driver) {
    return """
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: %1$s}
        provisioner: %1$s
        volumeBindingMode: WaitForFirstConsumer
        """
        .formatted(driver);
  }

  private static List<ClusterFinding> ofDriver(String driver, List<SnapshotClassFacts> all) {
    List<SnapshotClassFacts> classes =
        all.stream().filter(found -> found.driver().equals(driver)).toList();
    if (classes.isEmpty()) {
      return List.of(
          ClusterFinding.broken(
              SNAPSHOTS,
              "driver " + driver + " has no VolumeSnapshotClass",
              "nobody can take a snapshot of its volumes",
              Commands.apply(
                  """
                  apiVersion: snapshot.storage.k8s.io/v1
                  kind: VolumeSnapshotClass
                  metadata: {name: %s-snapshots}
                  driver: %s
                  deletionPolicy: Delete
                  """
                      .formatted(driver, driver))));
    }
    List<ClusterFinding> findings = new ArrayList<>();
    List<SnapshotClassFacts> standard =
        classes.stream().filter(SnapshotClassFacts::standard).toList();
    if (standard.size() > 1) {
      findings.add(
          ClusterFinding.broken(
              SNAPSHOTS,
              "driver %s has %d default VolumeSnapshotClasses".formatted(driver, standard.size()),
              "snapshots that name no class fail, and so do questions about their changes",
              "kubectl annotate volumesnapshotclass %s %s-"
                  .formatted(standard.getLast().name(), SnapshotClassFacts.STANDARD)));
    } else if (standard.isEmpty() && classes.size() > 1) {
      findings.add(
          ClusterFinding.warning(
              SNAPSHOTS,
              "driver %s has several VolumeSnapshotClasses and none is the default"
                  .formatted(driver),
              "snapshots that name no class fail, and so do questions about their changes",
              "kubectl annotate volumesnapshotclass %s %s=true"
                  .formatted(classes.getFirst().name(), SnapshotClassFacts.STANDARD)));
    }
    for (SnapshotClassFacts found : classes) {
      findings.add(
          found.deletes()
              ? ClusterFinding.fine(SNAPSHOTS, found.name() + " is of driver " + driver)
              : ClusterFinding.warning(
                  SNAPSHOTS,
                  found.name() + " keeps the storage's snapshot when the VolumeSnapshot goes",
                  "each backup leaves a snapshot on the storage that nobody deletes",
                  "kubectl patch volumesnapshotclass %s --type merge -p '{\"deletionPolicy\":\"Delete\"}'"
                      .formatted(found.name())));
    }
    return findings;
  }
}
