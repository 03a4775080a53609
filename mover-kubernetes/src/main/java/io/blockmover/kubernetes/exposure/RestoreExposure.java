package io.blockmover.kubernetes.exposure;

import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClaimFacts;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.ObjectName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Restores into a claim from outside: one that is there and that nobody uses, or one that it makes.
 * A claim that it made is marked until it is whole, and removed if the restore fails.
 */
public final class RestoreExposure {

  /** On a claim that was made for a restore which has not ended well. */
  private static final String UNFINISHED = "blockmover.io/unfinished-restore";

  private final Cluster cluster;
  private final Pace pace;
  private final Watch watch;

  public RestoreExposure(Cluster cluster, Pace pace, Watch watch) {
    this.cluster = cluster;
    this.pace = pace;
    this.watch = watch;
  }

  /** Makes the pod's request. */
  public interface PodMaker {

    /**
     * The request.
     *
     * @param ours whether the claim was made for this and holds nothing that anybody wants
     */
    PodRequest make(boolean ours);
  }

  /**
   * Where to restore to.
   *
   * @param claim in Block mode, or not there yet
   * @param sizeBytes of a claim that is made; absent if none may be made
   * @param storageClass of a claim that is made; empty for the cluster's default
   */
  public record Request(
      ObjectName claim, OptionalLong sizeBytes, Optional<String> storageClass, PodMaker pod) {}

  /**
   * Runs the restore and cleans up.
   *
   * @return mover's exit code in the pod
   * @throws MoverException if something else failed; all is cleaned up if the cluster lets us
   */
  public int run(Request request) throws MoverException {
    Optional<ClaimFacts> found = cluster.claims().find(request.claim());
    ClaimFacts claim = found.isPresent() ? found.get() : create(request);
    boolean ours = unfinished(claim.name());
    requireTarget(claim);
    RunLabels labels = new RunLabels(claim.uid(), UUID.randomUUID().toString().substring(0, 8));
    String namespace = claim.name().namespace();
    RunLease lease = RunLease.take(cluster.objects(), namespace, labels, pace, watch);
    try (lease) {
      OwnObjects own = new OwnObjects(cluster.objects(), namespace, labels, pace, watch);
      watch.step("removing what earlier runs left behind");
      own.removeExposed(false);
      int code = -1;
      @Nullable Exception failure = null;
      try {
        code = move(request, claim.name(), labels, lease, ours);
        return code;
      } catch (MoverException | RuntimeException e) {
        failure = e;
        throw e;
      } finally {
        cleanUp(lease, own, claim, ours, code == 0 || code == 3, failure);
      }
    }
  }

  private ClaimFacts create(Request request) throws MoverException {
    if (request.sizeBytes().isEmpty()) {
      throw ClusterObjectUnusable.missing(
          "there is no claim " + request.claim(),
          "name its size with --size, and it is made; or look at the name");
    }
    Map<String, Object> spec = new HashMap<>();
    spec.put("accessModes", List.of("ReadWriteOnce"));
    spec.put("volumeMode", "Block");
    spec.put(
        "resources",
        Map.of("requests", Map.of("storage", Long.toString(request.sizeBytes().getAsLong()))));
    request.storageClass().ifPresent(value -> spec.put("storageClassName", value));
    watch.step("making claim " + request.claim());
    cluster
        .objects()
        .create(
            ObjectKind.CLAIM,
            request.claim(),
            Map.of("metadata", Map.of("annotations", Map.of(UNFINISHED, "true")), "spec", spec));
    return cluster.claims().load(request.claim());
  }

  private boolean unfinished(ObjectName claim) throws MoverException {
    return cluster
        .objects()
        .find(ObjectKind.CLAIM, claim)
        .map(object -> object.annotations().containsKey(UNFINISHED))
        .orElse(false);
  }

  private static void requireTarget(ClaimFacts claim) throws ClusterObjectUnusable {
    if (claim.deleting()) {
      throw ClusterObjectUnusable.refused(
          "claim " + claim.name() + " is being deleted", "wait until it is gone, or name another");
    }
    if (!claim.block()) {
      throw ClusterObjectUnusable.refused(
          "claim " + claim.name() + " is in Filesystem mode",
          "restore into a claim in Block mode; mover makes one if there is none of the name");
    }
  }

  private int move(
      Request request, ObjectName claim, RunLabels labels, RunLease lease, boolean ours)
      throws MoverException {
    Predicate<String> foreign = name -> !name.equals("blockmover-" + labels.run());
    List<String> users = cluster.claims().users(claim).stream().filter(foreign).toList();
    if (!users.isEmpty()) {
      throw ClusterObjectUnusable.refused(
          "claim " + claim + " is used by pod " + String.join(", ", users),
          "end what uses it, or restore into another claim");
    }
    ObjectName name = new ObjectName(claim.namespace(), "blockmover-" + labels.run());
    watch.step("starting pod " + name);
    MoverPod pod = new MoverPod(cluster, name, pace, watch);
    lease.requireHeld();
    pod.create(Optional.of(claim.name()), request.pod().make(ours), labels.own(), lease.owner());
    int code = pod.await(lease).exitCode();
    watch.step("mover ended with exit code " + code);
    return code;
  }

  private void cleanUp(
      RunLease lease,
      OwnObjects own,
      ClaimFacts claim,
      boolean ours,
      boolean restored,
      @Nullable Exception failure)
      throws MoverException {
    if (!lease.held()) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      watch.step("cleaning up");
      own.uninterrupted().removeExposed(true);
      if (ours) {
        settle(claim, restored);
      }
      lease.release();
    } catch (MoverException e) {
      watch.step("could not clean up, the next run will: " + e.getMessage());
      if (failure != null) {
        failure.addSuppressed(e);
      }
      if (restored) {
        throw e; // the claim still says that it is unfinished
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void settle(ClaimFacts claim, boolean restored) throws MoverException {
    if (restored) {
      Map<String, @Nullable Object> annotation = new HashMap<>();
      annotation.put(UNFINISHED, null);
      cluster
          .objects()
          .patch(
              ObjectKind.CLAIM,
              claim.name().namespace(),
              claim.name().name(),
              Map.of("metadata", Map.of("annotations", annotation)));
      return;
    }
    Optional<ClusterObject> made = cluster.objects().find(ObjectKind.CLAIM, claim.name());
    if (made.isPresent() && made.get().uid().equals(claim.uid())) {
      cluster.objects().delete(ObjectKind.CLAIM, claim.name().namespace(), made.get());
    }
  }
}
