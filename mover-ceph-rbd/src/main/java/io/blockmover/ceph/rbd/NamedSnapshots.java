package io.blockmover.ceph.rbd;

import io.blockmover.api.MoverException;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.CephLibrary;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import io.blockmover.ceph.rbd.librbd.ClusterSettings;

/** References of driver {@link ImageIdentity#DRIVER}: their handles are identities. */
public final class NamedSnapshots implements SnapshotLocator {

  /** How the cluster of a reference is reached. */
  public interface Settings {

    /**
     * By its attributes, or by the environment.
     *
     * @throws IllegalArgumentException if they make no sense
     */
    ClusterSettings of(SnapshotReference reference);
  }

  private final Settings settings;

  public NamedSnapshots(Settings settings) {
    this.settings = settings;
  }

  @Override
  public boolean concerns(SnapshotReference reference) {
    return reference.driver().equals(ImageIdentity.DRIVER);
  }

  @Override
  public Applicability applicability(SnapshotReference reference) {
    if (!concerns(reference)) {
      return new Applicability.NotApplicable("the source is no image of Ceph");
    }
    return ImageIdentity.parse(reference.handle())
            .filter(identity -> identity.snapshotId() != ImageIdentity.HEAD)
            .isPresent()
        ? new Applicability.Applicable()
        : new Applicability.NotApplicable(
            "the source is an image itself: only of snapshots it is known what changed");
  }

  @Override
  public OpenSnapshot open(CephLibrary library, SnapshotReference reference) throws MoverException {
    ImageIdentity identity = ImageIdentity.parse(reference.handle()).orElseThrow();
    try {
      ClusterConnection connection = library.connect(settings.of(reference));
      if (!connection.fsid().equals(identity.fsid())) {
        connection.close();
        throw new TrackingUnavailable(
            "%s is cluster %s, and the snapshot is of %s"
                .formatted(connection.name(), connection.fsid(), identity.fsid()),
            "name the snapshot's own cluster");
      }
      return new OpenSnapshot(
          connection, new LocatedSnapshot(identity, new LocatedSnapshot.Lineage.Known(identity)));
    } catch (CephFailure e) {
      throw e.asTrackingFailure();
    } catch (IllegalArgumentException e) {
      throw new TrackingUnavailable(String.valueOf(e.getMessage()), "", e);
    }
  }
}
