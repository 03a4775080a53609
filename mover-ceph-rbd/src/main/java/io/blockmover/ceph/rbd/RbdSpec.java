package io.blockmover.ceph.rbd;

/**
 * The name of an image, or of a snapshot of one: {@code pool[/namespace]/image[@snapshot]}.
 *
 * @param namespace the RADOS namespace; empty for the default one
 * @param snapshot a user's snapshot; empty for the image itself
 */
public record RbdSpec(String pool, String namespace, String image, String snapshot) {

  public RbdSpec {
    if (pool.isEmpty() || image.isEmpty()) {
      throw new IllegalArgumentException("a pool and an image are needed");
    }
  }

  /**
   * Reads a name as people and {@code rbd} write it.
   *
   * @throws IllegalArgumentException with what is wrong, if it is no such name
   */
  public static RbdSpec parse(String text) {
    int at = text.indexOf('@');
    String path = at < 0 ? text : text.substring(0, at);
    String snapshot = at < 0 ? "" : text.substring(at + 1);
    String[] parts = path.split("/", -1);
    boolean complete = parts.length == 2 || parts.length == 3;
    for (String part : parts) {
      complete &= !part.isEmpty();
    }
    if (!complete || (at >= 0 && (snapshot.isEmpty() || snapshot.contains("@")))) {
      throw new IllegalArgumentException(
          "'" + text + "' is not of the form pool[/namespace]/image[@snapshot]");
    }
    return parts.length == 2
        ? new RbdSpec(parts[0], "", parts[1], snapshot)
        : new RbdSpec(parts[0], parts[1], parts[2], snapshot);
  }

  /** The same image without snapshot. */
  public RbdSpec withoutSnapshot() {
    return new RbdSpec(pool, namespace, image, "");
  }

  @Override
  public String toString() {
    return pool
        + (namespace.isEmpty() ? "" : "/" + namespace)
        + "/"
        + image
        + (snapshot.isEmpty() ? "" : "@" + snapshot);
  }
}
