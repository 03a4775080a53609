package io.blockmover.ceph.rbd.tracking;

import io.blockmover.api.tracking.ChangeId;
import io.blockmover.ceph.rbd.ImageIdentity;
import java.util.Optional;

/**
 * What a backup records of its snapshot: {@code rbd1|identity|size}. The identity is that of the
 * snapshot on the volume's own image, also where the bytes were read from a clone.
 *
 * @param sizeBytes of the image at that snapshot
 */
public record RbdChangeId(ImageIdentity snapshot, long sizeBytes) {

  private static final String FORMAT = "rbd1";

  public RbdChangeId {
    if (snapshot.snapshotId() == ImageIdentity.HEAD || sizeBytes < 0) {
      throw new IllegalArgumentException(snapshot + " of " + sizeBytes + " bytes");
    }
  }

  /** What was recorded; empty if it was not by this tracker. */
  public static Optional<RbdChangeId> parse(ChangeId recorded) {
    String[] parts = recorded.value().split("\\|", -1);
    if (parts.length != 3 || !parts[0].equals(FORMAT) || !parts[2].matches("\\d{1,18}")) {
      return Optional.empty();
    }
    return ImageIdentity.parse(parts[1])
        .filter(identity -> identity.snapshotId() != ImageIdentity.HEAD)
        .map(identity -> new RbdChangeId(identity, Long.parseLong(parts[2])));
  }

  /** As it is recorded. */
  public ChangeId encoded() {
    return new ChangeId(String.join("|", FORMAT, snapshot.toString(), Long.toString(sizeBytes)));
  }
}
