package io.blockmover.velero.download;

import io.blockmover.velero.transfer.Transfer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The claim through which a volume is made and filled: as the target, in Block mode. */
final class RestoreClaim {

  private static final Set<String> WRITABLE =
      Set.of("ReadWriteOnce", "ReadWriteMany", "ReadWriteOncePod");

  private RestoreClaim() {}

  /**
   * Its body.
   *
   * @param node where the volume has to be; empty if anywhere
   */
  static Map<String, Object> body(
      Transfer transfer,
      DownloadRequest request,
      TargetClaim target,
      String storageClass,
      Optional<String> node) {
    Map<String, String> notes = new HashMap<>();
    notes.put(RestoredVolume.TARGET, target.uid());
    node.ifPresent(name -> notes.put("volume.kubernetes.io/selected-node", name));
    Map<String, Object> spec = new HashMap<>();
    spec.put("accessModes", accessModes(target));
    spec.put("volumeMode", "Block");
    spec.put("storageClassName", storageClass);
    target
        .claim()
        .text("spec", "volumeAttributesClassName")
        .ifPresent(name -> spec.put("volumeAttributesClassName", name));
    spec.put(
        "resources",
        Map.of("requests", Map.of("storage", Long.toString(sizeBytes(request, target)))));
    return Map.of(
        "metadata",
        Map.of(
            "labels",
            transfer.labels(),
            "annotations",
            notes,
            "ownerReferences",
            List.of(transfer.owner())),
        "spec",
        spec);
  }

  /** What the target asks for, and room for all that was backed up. */
  private static long sizeBytes(DownloadRequest request, TargetClaim target) {
    return Math.max(target.requestBytes(), request.volumeBytes().orElse(0));
  }

  /** The target's: volumes differ by them. Only one that nobody may write is made writable. */
  private static List<String> accessModes(TargetClaim target) {
    return target.accessModes().stream().anyMatch(WRITABLE::contains)
        ? target.accessModes()
        : List.of("ReadWriteOnce");
  }
}
