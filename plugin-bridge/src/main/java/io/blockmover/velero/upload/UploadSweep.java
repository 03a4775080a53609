package io.blockmover.velero.upload;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClaimFacts;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.transfer.Transfer;
import io.blockmover.velero.transfer.TransferKind;
import io.blockmover.velero.transfer.Transfers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds objects that were made for uploads which are gone or have ended, and bases that no backup
 * will ask for any more, and removes them. What is younger than a while is left alone: an upload
 * may have been made just after the uploads were listed.
 */
public final class UploadSweep {

  private static final Logger log = LoggerFactory.getLogger(UploadSweep.class);
  private static final Duration YOUNG = Duration.ofMinutes(10);

  /** How long the base of a claim that is gone stays: it may be restored under its name. */
  private static final Duration ORPHAN = Duration.ofHours(1);

  private final Cluster cluster;
  private final ClusterObjects objects;
  private final String namespace;
  private final InstantSource clock;

  /**
   * @param namespace Velero's
   */
  public UploadSweep(Cluster cluster, String namespace, InstantSource clock) {
    this.cluster = cluster;
    this.objects = cluster.objects();
    this.namespace = namespace;
    this.clock = clock;
  }

  /**
   * Begins to remove what it finds; what does not go is found again by the next one.
   *
   * @return how many objects it found
   */
  public int run() throws MoverException {
    Set<String> open = new HashSet<>();
    Set<String> openClaims = new HashSet<>();
    for (Transfer upload : new Transfers(objects).list(TransferKind.UPLOAD, namespace)) {
      if (!upload.phase().terminal() || upload.held()) {
        open.add(upload.uid());
        openClaims.add(upload.object().labels().getOrDefault("velero.io/pvc-uid", ""));
      }
    }
    return removeExposed(open) + removeSnapshots(open) + removeBases(openClaims);
  }

  private static Map<String, String> ours() {
    return Map.of(
        Transfer.MANAGER_LABEL,
        Transfer.MANAGER,
        Transfer.KIND_LABEL,
        TransferKind.UPLOAD.kind().kind());
  }

  private List<ClusterObject> left(ObjectKind kind, Set<String> open) throws MoverException {
    return objects.list(kind, kind.namespaced() ? namespace : "", ours()).stream()
        .filter(object -> !open.contains(object.labels().getOrDefault(Transfer.UID_LABEL, "")))
        .filter(object -> age(object).compareTo(YOUNG) > 0)
        .toList();
  }

  private int removeExposed(Set<String> open) throws MoverException {
    int found = 0;
    for (ClusterObject pod : left(ObjectKind.POD, open)) {
      say(ObjectKind.POD, pod);
      found++;
      if (!pod.deleting()) {
        objects.delete(ObjectKind.POD, namespace, pod);
      }
    }
    BlockClaims claims = new BlockClaims(cluster);
    for (ClusterObject claim : left(ObjectKind.CLAIM, open)) {
      say(ObjectKind.CLAIM, claim);
      found++;
      Map<String, String> labels = new HashMap<>(ours());
      labels.put(Transfer.UID_LABEL, claim.labels().getOrDefault(Transfer.UID_LABEL, ""));
      claims.remove(labels, namespace, claim);
    }
    return found;
  }

  private int removeSnapshots(Set<String> open) throws MoverException {
    int found = 0;
    BaseSnapshots bases = new BaseSnapshots(cluster, namespace);
    for (ClusterObject content : left(ObjectKind.CONTENT, open)) {
      if (!BaseSnapshots.isBase(content)) {
        say(ObjectKind.CONTENT, content);
        found++;
        new SourceSnapshot(cluster).release(content);
        bases.release(content);
      }
    }
    for (ClusterObject snapshot : left(ObjectKind.SNAPSHOT, open)) {
      boolean alone = objects.find(ObjectKind.CONTENT, snapshot.name()).isEmpty();
      if (alone && !snapshot.deleting()) {
        say(ObjectKind.SNAPSHOT, snapshot);
        found++;
        objects.delete(ObjectKind.SNAPSHOT, namespace, snapshot);
      }
    }
    return found;
  }

  private int removeBases(Set<String> openClaims) throws MoverException {
    BaseSnapshots bases = new BaseSnapshots(cluster, namespace);
    Map<String, ClusterObject> newest = new TreeMap<>();
    List<ClusterObject> all =
        bases.of("").stream().filter(base -> !claimUid(base).isEmpty()).toList();
    for (ClusterObject base : all) {
      newest.merge(claimUid(base), base, (a, b) -> created(a).isAfter(created(b)) ? a : b);
    }
    int found = 0;
    for (ClusterObject base :
        all.stream().sorted(Comparator.comparing(UploadSweep::created)).toList()) {
      boolean needed = openClaims.contains(claimUid(base)) || age(base).compareTo(YOUNG) <= 0;
      boolean superseded = !base.equals(newest.get(claimUid(base)));
      if (!needed && (superseded || orphaned(base))) {
        say(ObjectKind.CONTENT, base);
        found++;
        bases.release(base);
      }
    }
    return found;
  }

  /** Whether the claim is gone, or is another one by now. */
  private boolean orphaned(ClusterObject base) throws MoverException {
    Optional<ObjectName> claim =
        ObjectName.parse(base.annotations().getOrDefault(BaseSnapshots.CLAIM, ""));
    if (claim.isEmpty() || age(base).compareTo(ORPHAN) < 0) {
      return false;
    }
    Optional<ClaimFacts> found = cluster.claims().find(claim.get());
    return found.isEmpty() || !found.get().uid().equals(claimUid(base));
  }

  private static String claimUid(ClusterObject base) {
    return base.labels().getOrDefault(BaseSnapshots.CLAIM_UID, "");
  }

  private Duration age(ClusterObject object) {
    return Duration.between(created(object), clock.instant());
  }

  private static Instant created(ClusterObject object) {
    String time = object.object().getMetadata().getCreationTimestamp();
    return time == null ? Instant.EPOCH : Instant.parse(time);
  }

  private static void say(ObjectKind kind, ClusterObject object) {
    log.info("{} {} is of no more use and is removed", kind.kind(), object.name());
  }
}
