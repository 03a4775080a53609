package io.blockmover.ceph.rbd.volume;

import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.ceph.rbd.ImageIdentity;
import io.blockmover.ceph.rbd.OpenSnapshot;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;

/** Reads a snapshot that somebody else has found. */
public final class LocatedSource {

  private LocatedSource() {}

  /** Finds the same snapshot again, on a new connection. */
  public interface Finding {
    OpenSnapshot find() throws MoverException;
  }

  /**
   * Opens its bytes.
   *
   * @param name what the user calls it, for messages
   * @param finding asked at once, and again after the cluster has shut a connection out
   * @return to be closed by the caller, which ends the connection
   * @throws io.blockmover.api.DeviceFailed if it is not there, or the cluster does not answer
   */
  public static BlockSource open(String name, Finding finding) throws MoverException {
    OpenSnapshot found = finding.find();
    try {
      return of(
          name,
          found.connection(),
          found.snapshot().data(),
          identity -> {
            OpenSnapshot again = finding.find();
            try {
              return OpenImage.byIdentity(again.connection(), identity);
            } catch (CephFailure | RuntimeException e) {
              again.close();
              throw e;
            }
          });
    } catch (CephFailure e) {
      found.close();
      throw e.asDeviceFailure();
    } catch (RuntimeException e) {
      found.close();
      throw e;
    }
  }

  /** Opens what an identity names; the connection belongs to the source then. */
  static RbdSource of(
      String name,
      ClusterConnection connection,
      ImageIdentity identity,
      SteadyImage.Reopening reopening)
      throws CephFailure {
    OpenImage open = OpenImage.byIdentity(connection, identity);
    return new RbdSource(
        name,
        new SteadyImage(identity, open, reopening),
        open.image().sizeBytes(),
        Ancestors.of(open, connection.fsid()));
  }
}
