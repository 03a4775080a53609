package io.blockmover.kubernetes.check;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Inventory;
import io.blockmover.kubernetes.StorageClassFacts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** With which features ceph-csi makes RBD images: what it can tell of changes depends on them. */
final class CephImageCheck {

  private static final String CHECK = "Ceph images";

  /** Upstream's name; Rook and ODF put their namespace before it. */
  private static final String DRIVER = "rbd.csi.ceph.com";

  private static final String FEATURES = "imageFeatures";
  private static final String WANTED = "layering,deep-flatten,exclusive-lock,object-map,fast-diff";

  private CephImageCheck() {}

  static List<ClusterFinding> run(Inventory inventory) throws MoverException {
    Map<String, List<StorageClassFacts>> byDriver =
        inventory.storageClasses().stream()
            .filter(CephImageCheck::isRbd)
            .collect(
                Collectors.groupingBy(
                    StorageClassFacts::provisioner, TreeMap::new, Collectors.toList()));
    List<ClusterFinding> findings = new ArrayList<>();
    byDriver.values().forEach(classes -> findings.add(ofDriver(classes)));
    return findings;
  }

  private static boolean isRbd(StorageClassFacts storage) {
    return storage.provisioner().equals(DRIVER) || storage.provisioner().endsWith("." + DRIVER);
  }

  private static boolean hasMaps(StorageClassFacts storage) {
    return Arrays.asList(storage.parameters().getOrDefault(FEATURES, "").split(",", -1))
        .contains("fast-diff");
  }

  private static ClusterFinding ofDriver(List<StorageClassFacts> classes) {
    for (StorageClassFacts storage : classes) {
      if (hasMaps(storage)) {
        return ClusterFinding.fine(CHECK, storage.name() + " makes images with fast-diff");
      }
    }
    StorageClassFacts first = classes.getFirst();
    return ClusterFinding.warning(
        CHECK,
        "no StorageClass of %s makes images with fast-diff (%s: %s)"
            .formatted(
                first.provisioner(),
                first.name(),
                first.parameters().getOrDefault(FEATURES, "the driver's default")),
        "without maps of objects the driver asks about every object of an image before it can say"
            + " what changed, some ten seconds for each TiB",
        Commands.apply(withMaps(first)));
  }

  /** Parameters of a class cannot be changed; what is made from it gets a new one. */
  private static String withMaps(StorageClassFacts old) {
    Map<String, String> parameters = new TreeMap<>(old.parameters());
    parameters.put(FEATURES, WANTED);
    StringBuilder lines = new StringBuilder();
    parameters.forEach(
        (name, value) -> lines.append("  %s: \"%s\"\n".formatted(name, value.replace("\"", ""))));
    return """
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: %s-fast-diff}
        provisioner: %s
        volumeBindingMode: %s
        allowVolumeExpansion: true
        parameters:
        %s"""
        .formatted(
            old.name(),
            old.provisioner(),
            old.waits() ? "WaitForFirstConsumer" : "Immediate",
            lines);
  }
}
