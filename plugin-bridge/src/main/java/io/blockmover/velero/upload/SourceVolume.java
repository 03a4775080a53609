package io.blockmover.velero.upload;

import io.blockmover.api.MoverException;
import io.blockmover.engine.rules.VolumeFacts;
import io.blockmover.kubernetes.ClaimFacts;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ObjectKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of the volume that a snapshot was taken of. The claim may be gone, or be another
 * one by now: then only what Velero said is known.
 *
 * @param facts what rules match on
 * @param placement where volumes of it can be ({@code nodeSelectorTerms}); empty for anywhere
 */
record SourceVolume(VolumeFacts facts, List<Map<String, Object>> placement) {

  static SourceVolume look(Cluster cluster, UploadRequest request, SnapshotTakeover.Own snapshot)
      throws MoverException {
    Optional<ClaimFacts> claim =
        cluster.claims().find(request.claim()).filter(c -> c.uid().equals(request.claimUid()));
    VolumeFacts facts =
        new VolumeFacts(
            request.storageClass(),
            snapshot.driver(),
            request.claim().namespace(),
            claim.map(ClaimFacts::labels).orElse(Map.of()),
            snapshot.sizeBytes());
    return new SourceVolume(facts, placement(cluster, request, claim));
  }

  /** A class that waits for a pod must be told where the storage can make the volume. */
  private static List<Map<String, Object>> placement(
      Cluster cluster, UploadRequest request, Optional<ClaimFacts> claim) throws MoverException {
    Optional<String> volume = claim.flatMap(ClaimFacts::volume);
    if (volume.isEmpty() || !waits(cluster, request.storageClass())) {
      return List.of();
    }
    Optional<ClusterObject> found = cluster.objects().find(ObjectKind.VOLUME, volume.get());
    List<Map<String, Object>> terms = new ArrayList<>();
    if (found.isPresent()
        && found.get().object().get("spec", "nodeAffinity", "required", "nodeSelectorTerms")
            instanceof List<?> list) {
      for (Object term : list) {
        if (term instanceof Map<?, ?> fields) {
          Map<String, Object> copy = new HashMap<>();
          fields.forEach((name, value) -> copy.put(String.valueOf(name), value));
          terms.add(copy);
        }
      }
    }
    return terms;
  }

  private static boolean waits(Cluster cluster, String storageClass) throws MoverException {
    return !storageClass.isEmpty()
        && cluster
            .objects()
            .find(ObjectKind.STORAGE_CLASS, storageClass)
            .flatMap(found -> found.text("volumeBindingMode"))
            .filter("WaitForFirstConsumer"::equals)
            .isPresent();
  }
}
