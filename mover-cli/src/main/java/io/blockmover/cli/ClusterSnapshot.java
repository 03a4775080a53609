package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.cbt.k8s.CsiChangeId;
import io.blockmover.cli.output.Output;
import io.blockmover.kubernetes.Claims;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.kubernetes.SnapshotFacts;
import io.blockmover.repository.catalogue.FoundBackup;
import io.blockmover.repository.manifest.Manifest;
import java.io.File;
import java.nio.file.Path;
import java.util.HashSet;
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
 */
record ClusterSnapshot(SnapshotReference reference, String volume) {

  /**
   * Looks it up, and checks that the device can be its volume and that the base is what the user
   * says.
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
      SnapshotFacts facts = cluster.snapshots().load(name);
      String volume = named == null ? volume(cluster.claims(), facts) : named;
      Set<String> base = base(cluster, options, facts);
      if (!base.isEmpty()) {
        requireLastBackup(open, volume, base);
      }
      return new ClusterSnapshot(reference(facts, deviceBytes, output), volume);
    }
  }

  private static String volume(Claims claims, SnapshotFacts facts)
      throws MoverException, Complaint {
    return claims
        .sourceOf(facts)
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
    String recorded = manifest.tracker().changeId();
    if (recorded == null || !base.contains(storageId(recorded))) {
      throw Complaint.failure(
          "the last backup of %s (%s) was made of %s, not of the base that was named"
              .formatted(
                  volume,
                  manifest.backup(),
                  recorded == null ? "nothing that a tracker knows" : recorded),
          "leave the base out: mover takes what the last backup recorded");
    }
  }

  /** The driver's own word within what its tracker recorded. */
  private static String storageId(String recorded) {
    return CsiChangeId.parse(new ChangeId(recorded)).map(CsiChangeId::id).orElse(recorded);
  }

  private static SnapshotReference reference(SnapshotFacts facts, long deviceBytes, Output output)
      throws Complaint {
    SnapshotReference reference = facts.reference();
    if (deviceBytes < facts.restoreSizeBytes()) {
      throw Complaint.failure(
          "the device has %d bytes, VolumeSnapshot %s %d: it was not restored from it"
              .formatted(deviceBytes, facts.name(), facts.restoreSizeBytes()),
          "name the device of a volume whose data source is this snapshot");
    }
    if (deviceBytes > facts.restoreSizeBytes()) {
      // Nobody says what lies behind the snapshot's end, so no tracker can.
      output.warn(
          "the device has %d bytes, VolumeSnapshot %s %d: all of it is read and compared"
              .formatted(deviceBytes, facts.name(), facts.restoreSizeBytes()));
      return new SnapshotReference("device", "", facts.volumeHandle(), deviceBytes, Map.of());
    }
    return reference;
  }
}
