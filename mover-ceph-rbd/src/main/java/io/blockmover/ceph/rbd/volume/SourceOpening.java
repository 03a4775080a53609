package io.blockmover.ceph.rbd.volume;

import io.blockmover.api.DeviceFailed;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.AddressedVolume;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.ceph.rbd.ImageIdentity;
import io.blockmover.ceph.rbd.RbdSpec;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import io.blockmover.ceph.rbd.librbd.ImageSnapshot;
import io.blockmover.ceph.rbd.librbd.RbdImage;
import io.blockmover.ceph.rbd.librbd.RbdPool;
import io.blockmover.ceph.rbd.librbd.SnapshotKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Opens an image or a snapshot to be read: once by name, and from then on by its ids. */
final class SourceOpening {

  private static final int NAMED_SNAPSHOTS = 5;

  private final ClusterConnection connection;
  private final RbdSpec spec;
  private final Map<String, String> options;
  private final SteadyImage.Reopening reopening;

  /**
   * @param options what the user said of the connection; trackers make their own by it
   */
  SourceOpening(
      ClusterConnection connection,
      RbdSpec spec,
      Map<String, String> options,
      SteadyImage.Reopening reopening) {
    this.connection = connection;
    this.spec = spec;
    this.options = options;
    this.reopening = reopening;
  }

  /** Opens it; the connection belongs to the source then. */
  AddressedVolume open() throws CephFailure, MoverException {
    String address = RbdVolumeProvider.SCHEME + ":" + spec;
    String volume = RbdVolumeProvider.SCHEME + ":" + spec.withoutSnapshot();
    ImageIdentity identity;
    Optional<ImageSnapshot> snapshot;
    try (RbdPool pool = connection.pool(spec.pool(), spec.namespace());
        RbdImage head = pool.openReadOnly(spec.image())) {
      snapshot = spec.snapshot().isEmpty() ? Optional.empty() : Optional.of(snapshot(head));
      identity =
          new ImageIdentity(
              connection.fsid(),
              pool.id(),
              spec.namespace(),
              head.id(),
              snapshot.map(ImageSnapshot::id).orElse(ImageIdentity.HEAD));
    }
    RbdSource source = LocatedSource.of(address, connection, identity, reopening);
    return new AddressedVolume(
        source,
        volume,
        new SnapshotReference(
            ImageIdentity.DRIVER,
            snapshot.isPresent() ? identity.toString() : "",
            identity.volume(),
            source.sizeBytes(),
            attributes(snapshot)),
        snapshot.isPresent() ? List.of() : List.of(live(address)));
  }

  private Map<String, String> attributes(Optional<ImageSnapshot> snapshot) {
    Map<String, String> all = new HashMap<>();
    snapshot.ifPresent(it -> all.put(SnapshotReference.CREATED, it.created().toString()));
    options.forEach(
        (name, value) -> {
          if (ConnectionOptions.NAMES.contains(name)) {
            all.put(name, value);
          }
        });
    return all;
  }

  private static String live(String address) {
    return address
        + " is no snapshot: if somebody writes to it, the backup will mix moments; back up a"
        + " snapshot instead (rbd snap create)";
  }

  private ImageSnapshot snapshot(RbdImage head) throws CephFailure, DeviceFailed {
    List<ImageSnapshot> all =
        head.snapshots().stream()
            .filter(snapshot -> snapshot.kind() instanceof SnapshotKind.User)
            .toList();
    Optional<ImageSnapshot> found =
        all.stream().filter(snapshot -> snapshot.name().equals(spec.snapshot())).findFirst();
    if (found.isEmpty()) {
      String names =
          all.reversed().stream()
              .limit(NAMED_SNAPSHOTS)
              .map(ImageSnapshot::name)
              .collect(Collectors.joining(", "));
      throw new DeviceFailed(
          "image " + spec.withoutSnapshot() + " has no snapshot '" + spec.snapshot() + "'",
          all.isEmpty()
              ? "it has none; make one with `rbd snap create " + spec + "`"
              : "the newest are: " + names);
    }
    return found.get();
  }
}
