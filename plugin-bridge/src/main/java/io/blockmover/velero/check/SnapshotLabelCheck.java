package io.blockmover.velero.check;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.check.ClusterFinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which VolumeSnapshotClass Velero takes, where a driver has several. */
final class SnapshotLabelCheck {

  private static final String NAME = "snapshot classes";
  private static final String LABEL = "velero.io/csi-volumesnapshot-class";

  private SnapshotLabelCheck() {}

  static List<ClusterFinding> run(Cluster cluster) throws MoverException {
    Map<String, List<ClusterObject>> byDriver =
        cluster.objects().list(ObjectKind.SNAPSHOT_CLASS, "", Map.of()).stream()
            .collect(
                Collectors.groupingBy(
                    found -> found.text("driver").orElse(""), TreeMap::new, Collectors.toList()));
    List<ClusterFinding> findings = new ArrayList<>();
    byDriver.forEach((driver, classes) -> findings.add(of(driver, classes)));
    return findings;
  }

  private static ClusterFinding of(String driver, List<ClusterObject> classes) {
    List<String> labelled =
        classes.stream()
            .filter(each -> "true".equals(each.labels().get(LABEL)))
            .map(ClusterObject::name)
            .toList();
    if (labelled.size() == 1 || classes.size() == 1) {
      String chosen = labelled.isEmpty() ? classes.getFirst().name() : labelled.getFirst();
      return ClusterFinding.fine(NAME, "Velero takes %s for %s".formatted(chosen, driver));
    }
    String text =
        labelled.isEmpty()
            ? "driver %s has %d VolumeSnapshotClasses, and none is labelled for Velero"
                .formatted(driver, classes.size())
            : "driver %s has several VolumeSnapshotClasses that are labelled for Velero: %s"
                .formatted(driver, String.join(", ", labelled));
    String fix =
        labelled.isEmpty()
            ? "kubectl label volumesnapshotclass %s %s=true"
                .formatted(classes.getFirst().name(), LABEL)
            : "kubectl label volumesnapshotclass %s %s-".formatted(labelled.getLast(), LABEL);
    return ClusterFinding.warning(
        NAME, text, "backups of its volumes fail, or use a class by chance", fix);
  }
}
