package io.blockmover.ceph.rbd.csi;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A handle of ceph-csi, of a volume as well as of a snapshot: {@code 0001-<length of the cluster
 * id, 4 hex digits>-<cluster id>-<pool id, 16 hex digits>-<uuid>}.
 *
 * @param clusterId what ceph-csi's configuration calls the cluster; may contain {@code -}
 * @param poolId of the pool with image and journal, as the handle says; after a disaster recovery
 *     it may be another one's
 * @param uuid of the journal's entry
 */
public record CsiHandle(String clusterId, long poolId, String uuid) {

  private static final String VERSION = "0001";
  private static final int LONGEST = 128;
  private static final int LONGEST_CLUSTER = 36;

  /** {@code VVVV-LLLL-} before the cluster id. */
  private static final int BEFORE = 10;

  /** {@code -}, 16 digits, {@code -}, 36 characters after it. */
  private static final int AFTER = 54;

  private static final Pattern HEX = Pattern.compile("[0-9a-f]+");
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  /** Reads a handle; empty if it is none of this version. */
  public static Optional<CsiHandle> parse(String handle) {
    if (handle.length() > LONGEST
        || handle.length() < BEFORE + AFTER
        || !handle.startsWith(VERSION + "-")
        || handle.charAt(BEFORE - 1) != '-'
        || !HEX.matcher(handle.substring(5, BEFORE - 1)).matches()) {
      return Optional.empty();
    }
    int length = Integer.parseInt(handle.substring(5, BEFORE - 1), 16);
    int pool = BEFORE + length + 1;
    if (length == 0 || length > LONGEST_CLUSTER || handle.length() != BEFORE + length + AFTER) {
      return Optional.empty();
    }
    String digits = handle.substring(pool, pool + 16);
    String uuid = handle.substring(pool + 17);
    boolean formed =
        handle.charAt(pool - 1) == '-'
            && handle.charAt(pool + 16) == '-'
            && HEX.matcher(digits).matches()
            && digits.charAt(0) < '8'
            && UUID.matcher(uuid).matches();
    return formed
        ? Optional.of(
            new CsiHandle(
                handle.substring(BEFORE, BEFORE + length), Long.parseLong(digits, 16), uuid))
        : Optional.empty();
  }

  /** The same entry in the pool that it is in after a disaster recovery. */
  public CsiHandle inCluster(String otherClusterId, long otherPoolId) {
    return new CsiHandle(otherClusterId, otherPoolId, uuid);
  }

  @Override
  public String toString() {
    return "%s-%04x-%s-%016x-%s".formatted(VERSION, clusterId.length(), clusterId, poolId, uuid);
  }
}
