package io.blockmover.ceph.rbd.csi;

import io.blockmover.ceph.rbd.librbd.CephErrno;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.RbdPool;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads ceph-csi's journal: maps of objects beside the images. */
public final class CsiJournal {

  private static final String REQUEST = "csi.snapname";
  private static final String IMAGE = "csi.imagename";
  private static final String IMAGE_ID = "csi.imageid";
  private static final String SOURCE = "csi.source";
  private static final String GROUP = "csi.groupid";
  private static final String ENCRYPTION = "csi.volume.encryptionType";
  private static final String KMS = "csi.volume.encryptKMS";

  private CsiJournal() {}

  /**
   * What is written down of a snapshot.
   *
   * @param pool with the RADOS namespace of the handle's cluster id
   * @return empty if there is no such entry
   */
  public static Optional<JournalledSnapshot> snapshot(RbdPool pool, String uuid)
      throws CephFailure {
    try {
      Map<String, byte[]> values =
          pool.omap(
              "csi.snap." + uuid,
              List.of(REQUEST, IMAGE, IMAGE_ID, SOURCE, GROUP, ENCRYPTION, KMS));
      String encryption = text(values, ENCRYPTION);
      return Optional.of(
          new JournalledSnapshot(
              text(values, REQUEST),
              values.containsKey(IMAGE) ? text(values, IMAGE) : "csi-snap-" + uuid,
              text(values, IMAGE_ID),
              text(values, SOURCE),
              text(values, GROUP),
              // Written since it can be anything else but a block device's.
              encryption.isEmpty() && values.containsKey(KMS) ? "block" : encryption));
    } catch (CephFailure e) {
      if (e.errno() == CephErrno.GONE) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * The name of a volume's image.
   *
   * @param pool as for {@link #snapshot}
   * @return empty if there is no such entry
   */
  static Optional<String> volumeImage(RbdPool pool, String uuid) throws CephFailure {
    try {
      Map<String, byte[]> values = pool.omap("csi.volume." + uuid, List.of(IMAGE));
      return Optional.of(values.containsKey(IMAGE) ? text(values, IMAGE) : "csi-vol-" + uuid);
    } catch (CephFailure e) {
      if (e.errno() == CephErrno.GONE) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static String text(Map<String, byte[]> values, String key) {
    return new String(values.getOrDefault(key, new byte[0]), StandardCharsets.UTF_8);
  }
}
