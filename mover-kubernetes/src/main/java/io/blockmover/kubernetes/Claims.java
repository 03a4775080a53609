package io.blockmover.kubernetes;

import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.api.MoverException;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks up claims and the volumes behind them. Thread-safe; each call asks the API server anew. */
public final class Claims {

  private static final int PAGE = 500;
  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  private final KubernetesClient client;

  Claims(KubernetesClient client) {
    this.client = client;
  }

  public Optional<ClaimFacts> find(ObjectName name) throws MoverException {
    PersistentVolumeClaim found =
        ApiCalls.call(
            "read claim " + name,
            () ->
                client
                    .persistentVolumeClaims()
                    .inNamespace(name.namespace())
                    .withName(name.name())
                    .get());
    return Optional.ofNullable(found).map(ClaimFacts::of);
  }

  /**
   * The claim, which must be there.
   *
   * @throws ClusterObjectUnusable if it is not
   */
  public ClaimFacts load(ObjectName name) throws MoverException {
    return find(name)
        .orElseThrow(
            () ->
                ClusterObjectUnusable.missing(
                    "there is no claim " + name, "kubectl get pvc -n " + name.namespace()));
  }

  /** All claims of a namespace; of all of them if it is empty. */
  public List<ClaimFacts> list(String namespace) throws MoverException {
    return ApiCalls.call(
            "list the claims" + (namespace.isEmpty() ? "" : " of namespace " + namespace),
            () ->
                namespace.isEmpty()
                    ? Pages.all(client.persistentVolumeClaims().inAnyNamespace()::list, PAGE)
                    : Pages.all(client.persistentVolumeClaims().inNamespace(namespace)::list, PAGE))
        .stream()
        .map(ClaimFacts::of)
        .toList();
  }

  /** The volume behind a claim; empty if there is none, or none of a CSI driver. */
  public Optional<VolumeFacts> volumeOf(ClaimFacts claim) throws MoverException {
    if (claim.volume().isEmpty()) {
      return Optional.empty();
    }
    String name = claim.volume().get();
    PersistentVolume found =
        ApiCalls.call("read volume " + name, () -> client.persistentVolumes().withName(name).get());
    return Optional.ofNullable(found)
        .filter(volume -> volume.getSpec().getCsi() != null)
        .map(VolumeFacts::of);
  }

  /** Names of the pods that use the claim and have not ended. */
  public List<String> users(ObjectName claim) throws MoverException {
    return ApiCalls.call(
            "list the pods of namespace " + claim.namespace(),
            () -> Pages.all(client.pods().inNamespace(claim.namespace())::list, PAGE))
        .stream()
        .filter(pod -> uses(pod, claim.name()))
        .map(pod -> pod.getMetadata().getName())
        .toList();
  }

  private static boolean uses(Pod pod, String claim) {
    boolean ended = pod.getStatus() != null && ENDED.contains(pod.getStatus().getPhase());
    return !ended
        && pod.getSpec().getVolumes().stream()
            .anyMatch(
                volume ->
                    volume.getPersistentVolumeClaim() != null
                        && claim.equals(volume.getPersistentVolumeClaim().getClaimName()));
  }

  /**
   * The claim that a snapshot was taken of, if it still has the volume that the snapshot is of: a
   * claim that was made anew under the same name has not.
   */
  public Optional<ClaimFacts> sourceOf(SnapshotFacts snapshot) throws MoverException {
    if (snapshot.claim().isEmpty()) {
      return Optional.empty();
    }
    Optional<ClaimFacts> claim =
        find(new ObjectName(snapshot.name().namespace(), snapshot.claim().get()));
    if (claim.isEmpty()) {
      return Optional.empty();
    }
    Optional<VolumeFacts> volume = volumeOf(claim.get());
    return volume.isPresent() && volume.get().volumeHandle().equals(snapshot.volumeHandle())
        ? claim
        : Optional.empty();
  }
}
