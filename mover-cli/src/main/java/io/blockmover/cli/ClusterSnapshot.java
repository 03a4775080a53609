package io.blockmover.cli;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.Cancelled;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.cbt.k8s.CsiChangeId;
import io.blockmover.cli.output.Output;
import io.blockmover.engine.rules.VolumeFacts;
import io.blockmover.kubernetes.ClaimFacts;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.kubernetes.SnapshotFacts;
import io.blockmover.repository.catalogue.FoundBackup;
import io.blockmover.repository.manifest.ChangeIdRecord;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.TrackerRecord;
import java.io.File;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The VolumeSnapshot that a device was restored from, as a backup needs it.
 *
 * @param reference what trackers are asked about
 * @param volume the name that the volume has where the user gave none
 * @param facts what rules match on
 * @param whyNotAsked why the cluster's trackers cannot be asked about it, a sentence; empty if they
 *     can
 */
record ClusterSnapshot(
    SnapshotReference reference, String volume, VolumeFacts facts, String whyNotAsked) {

  /** What the cluster says. */
  private record Found(SnapshotFacts snapshot, Optional<ClaimFacts> claim) {}

  /**
   * Looks it up, and checks that the device can be its volume and that the base is what the user
   * says. Where the cluster does not answer, the device is there all the same: a volume with a name
   * is backed up by comparison.
   *
   * @param named the volume's name by the user, null if there is none
   * @param deviceBytes size of the device
   */
  static ClusterSnapshot load(
      SnapshotOptions options,
      @Nullable String named,
      long deviceBytes,
      OpenRepository open,
      Surroundings surroundings,
      Output output)
      throws MoverException, Complaint {
    ObjectName name = options.snapshot().orElseThrow();
    try (Cluster cluster = open(surroundings)) {
      Found found;
      try {
        found = find(cluster, name, named, output);
      } catch (Cancelled e) {
        throw e;
      } catch (MoverException e) {
        return unknown(options, named, deviceBytes, open, e);
      }
      SnapshotFacts facts = found.snapshot();
      String volume = named == null ? volume(found.claim(), facts) : named;
      Set<String> base = base(cluster, options, facts);
      if (!base.isEmpty()) {
        requireLastBackup(open, volume, base);
      }
      return of(facts, volume, rulesMatchOn(facts, found.claim(), deviceBytes), deviceBytes);
    }
  }

  private static Found find(Cluster cluster, ObjectName name, @Nullable String named, Output output)
      throws MoverException {
    SnapshotFacts facts = cluster.snapshots().load(name);
    try {
      return new Found(facts, cluster.claims().sourceOf(facts));
    } catch (AccessDenied e) {
      if (named == null) {
        throw e;
      }
      output.warn("rules cannot match on labels and storage class of the claim: " + e.getMessage());
      return new Found(facts, Optional.empty());
    }
  }

  /** Of a snapshot of which nothing is known but the device. */
  private static ClusterSnapshot unknown(
      SnapshotOptions options,
      @Nullable String named,
      long deviceBytes,
      OpenRepository open,
      MoverException why)
      throws MoverException, Complaint {
    if (named == null) {
      String or = "name the volume with --volume NAME: then all of it is read and compared";
      throw Complaint.failure(
          String.valueOf(why.getMessage()),
          why.advice().isEmpty() ? or : why.advice() + "; or " + or);
    }
    if (options.baseHandle().isPresent()) {
      requireLastBackup(open, named, Set.of(options.baseHandle().get()));
    }
    String namespace = options.snapshot().orElseThrow().namespace();
    return new ClusterSnapshot(
        new SnapshotReference("device", "", "", deviceBytes, Map.of()),
        named,
        new VolumeFacts("", "", namespace, Map.of(), deviceBytes),
        why.advice().isEmpty()
            ? String.valueOf(why.getMessage())
            : why.getMessage() + " (" + why.advice() + ")");
  }

  /** Of a volume that is no snapshot of a cluster. */
  static ClusterSnapshot none(SnapshotReference reference, String volume) {
    return new ClusterSnapshot(
        reference,
        volume,
        new VolumeFacts("", reference.driver(), "", Map.of(), reference.sizeBytes()),
        "");
  }

  private static VolumeFacts rulesMatchOn(
      SnapshotFacts snapshot, Optional<ClaimFacts> claim, long bytes) {
    return new VolumeFacts(
        claim.flatMap(ClaimFacts::storageClass).orElse(""),
        snapshot.driver(),
        snapshot.name().namespace(),
        claim.map(ClaimFacts::labels).orElse(Map.of()),
        bytes);
  }

  private static String volume(Optional<ClaimFacts> claim, SnapshotFacts facts) throws Complaint {
    return claim
        .orElseThrow(
            () ->
                Complaint.failure(
                    "VolumeSnapshot "
                        + facts.name()
                        + " is of a volume that no claim in its namespace has any more",
                    "name the volume with --volume NAME: backups of one name follow each other"))
        .volumeName();
  }

  /** The cluster that the environment names. */
  static Cluster open(Surroundings surroundings) throws MoverException {
    Optional<Path> one =
        surroundings
            .variable("KUBECONFIG")
            .filter(list -> !list.contains(File.pathSeparator))
            .map(Path::of);
    return one.isPresent() ? Cluster.open(one.get()) : Cluster.open();
  }

  /** What the last backup may have recorded of the base; empty if the user named none. */
  private static Set<String> base(Cluster cluster, SnapshotOptions options, SnapshotFacts target)
      throws MoverException, Complaint {
    Optional<ObjectName> name = options.baseSnapshot();
    if (name.isEmpty()) {
      return options.baseHandle().map(Set::of).orElse(Set.of());
    }
    SnapshotFacts base = cluster.snapshots().load(name.get());
    target.requireBase(base);
    Set<String> recorded = new HashSet<>(base.annotations().values()); // some drivers' change ids
    recorded.add(base.handle());
    return recorded;
  }

  /**
   * A delta is only right on top of the backup of its base. Anything else than the last backup's
   * base is refused: data would be missing from the backup, silently.
   */
  private static void requireLastBackup(OpenRepository open, String volume, Set<String> base)
      throws MoverException, Complaint {
    List<FoundBackup> last = open.backups(volume, List.of(), 1);
    if (last.isEmpty()) {
      throw Complaint.failure(
          "there is no backup of " + volume + " that this one could be based on",
          "leave the base out: the first backup of a volume has none");
    }
    Manifest manifest = open.manifest(last.getFirst());
    List<String> recorded = recorded(manifest.tracker());
    if (recorded.stream().noneMatch(base::contains)) {
      throw Complaint.failure(
          "the last backup of %s (%s) was made of %s, not of the base that was named"
              .formatted(
                  volume,
                  manifest.backup(),
                  recorded.isEmpty()
                      ? "nothing that a tracker knows"
                      : String.join(" or ", recorded)),
          "leave the base out: mover takes what the last backup recorded");
    }
  }

  /** The driver's own word within what its tracker recorded. */
  static String storageId(String recorded) {
    return CsiChangeId.parse(new ChangeId(recorded)).map(CsiChangeId::id).orElse(recorded);
  }

  /** All names that the snapshot of a backup went by: every tracker has its own. */
  private static List<String> recorded(TrackerRecord tracker) {
    Set<String> names = new LinkedHashSet<>();
    Optional.ofNullable(tracker.changeId()).map(ClusterSnapshot::storageId).ifPresent(names::add);
    for (ChangeIdRecord id : tracker.changeIds()) {
      names.add(storageId(id.changeId()));
      names.add(id.snapshotHandle());
    }
    return List.copyOf(names);
  }

  private static ClusterSnapshot of(
      SnapshotFacts snapshot, String volume, VolumeFacts facts, long deviceBytes) throws Complaint {
    if (deviceBytes < snapshot.restoreSizeBytes()) {
      throw Complaint.failure(
          "the device has %d bytes, VolumeSnapshot %s %d: it was not restored from it"
              .formatted(deviceBytes, snapshot.name(), snapshot.restoreSizeBytes()),
          "name the device of a volume whose data source is this snapshot");
    }
    if (deviceBytes > snapshot.restoreSizeBytes()) {
      // Nobody says what lies behind the snapshot's end, so no tracker can.
      return new ClusterSnapshot(
          new SnapshotReference("device", "", snapshot.volumeHandle(), deviceBytes, Map.of()),
          volume,
          facts,
          "the device has %d bytes, VolumeSnapshot %s %d: all of it is read and compared"
              .formatted(deviceBytes, snapshot.name(), snapshot.restoreSizeBytes()));
    }
    return new ClusterSnapshot(snapshot.reference(), volume, facts, "");
  }
}
