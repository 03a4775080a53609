package io.blockmover.ceph.rbd;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An image, or a snapshot of one, by what never names anything else: ids are not used again, names
 * are. Written {@code fsid/pool id/[namespace/]image id[@snapshot id]}, which is the handle of a
 * {@link io.blockmover.api.tracking.SnapshotReference} whose driver is {@link #DRIVER}; without the
 * snapshot it is its volume handle.
 *
 * @param fsid of the cluster
 * @param namespace the RADOS namespace; empty for the default one
 * @param snapshotId {@link #HEAD} for the image as it is now
 */
public record ImageIdentity(
    String fsid, long poolId, String namespace, String imageId, long snapshotId) {

  /** Driver of references to images that a person named. */
  public static final String DRIVER = "rbd";

  /** In place of a snapshot's id: the image itself. */
  public static final long HEAD = 0;

  private static final Pattern WRITTEN =
      Pattern.compile("([^/@]+)/(\\d{1,18})/(?:([^/@]+)/)?([^/@]+?)(?:@(\\d{1,18}))?");

  /** Reads what {@link #toString} wrote; empty if it is something else. */
  public static Optional<ImageIdentity> parse(String text) {
    Matcher matcher = WRITTEN.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String namespace = matcher.group(3);
    String snapshot = matcher.group(5);
    return Optional.of(
        new ImageIdentity(
            matcher.group(1),
            Long.parseLong(matcher.group(2)),
            namespace == null ? "" : namespace,
            matcher.group(4),
            snapshot == null ? HEAD : Long.parseLong(snapshot)));
  }

  /** The image of all its snapshots. */
  public String volume() {
    return fsid + "/" + poolId + "/" + (namespace.isEmpty() ? "" : namespace + "/") + imageId;
  }

  /** Whether the other is of the same image. */
  public boolean isOfSameImage(ImageIdentity other) {
    return volume().equals(other.volume());
  }

  @Override
  public String toString() {
    return volume() + (snapshotId == HEAD ? "" : "@" + snapshotId);
  }
}
