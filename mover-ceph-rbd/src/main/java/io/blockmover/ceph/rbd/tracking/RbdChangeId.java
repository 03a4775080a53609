package io.blockmover.ceph.rbd.tracking;

import io.blockmover.api.tracking.ChangeId;
import io.blockmover.ceph.rbd.ImageIdentity;
import java.util.Optional;

/**
 * What a backup records of its snapshot: {@code rbd1|identity|size|origin}. The identity is that of
 * the snapshot on the volume's own image, also where the bytes were read from a clone.
 *
 * @param sizeBytes of the image at that snapshot
 * @param isClone whether the image was one then; if it no longer is, it was flattened, which it
 *     does not tell of itself
 */
public record RbdChangeId(ImageIdentity snapshot, long sizeBytes, boolean isClone) {

  private static final String FORMAT = "rbd1";
  private static final String CLONE = "clone";
  private static final String OWN = "own";

  public RbdChangeId {
    if (snapshot.snapshotId() == ImageIdentity.HEAD || sizeBytes < 0) {
      throw new IllegalArgumentException(snapshot + " of " + sizeBytes + " bytes");
    }
  }

  /** What was recorded; empty if it was not by this tracker. */
  public static Optional<RbdChangeId> parse(ChangeId recorded) {
    String[] parts = recorded.value().split("\\|", -1);
    if (parts.length != 4
        || !parts[0].equals(FORMAT)
        || !parts[2].matches("\\d{1,18}")
        || !(parts[3].equals(CLONE) || parts[3].equals(OWN))) {
      return Optional.empty();
    }
    return ImageIdentity.parse(parts[1])
        .filter(identity -> identity.snapshotId() != ImageIdentity.HEAD)
        .map(
            identity ->
                new RbdChangeId(identity, Long.parseLong(parts[2]), parts[3].equals(CLONE)));
  }

  /** As it is recorded. */
  public ChangeId encoded() {
    return new ChangeId(
        String.join(
            "|", FORMAT, snapshot.toString(), Long.toString(sizeBytes), isClone ? CLONE : OWN));
  }
}
