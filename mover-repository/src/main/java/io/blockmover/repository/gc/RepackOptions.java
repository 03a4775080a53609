package io.blockmover.repository.gc;

/**
 * When packs are written anew because little of them is needed.
 *
 * @param maxUnused what share of all bytes may be unused before any is; 1 and more: never
 * @param minUnusedPercent a pack of which less than this is unused is never worth it
 * @param maxBytes how many bytes of packs are written anew by one collection at most; the next goes
 *     on
 */
public record RepackOptions(double maxUnused, int minUnusedPercent, long maxBytes) {

  /** A twentieth of all may be unused; half a TiB at a time. */
  public static final RepackOptions DEFAULT = new RepackOptions(0.05, 10, 512L << 30);

  /** Packs stay as they are. */
  public static final RepackOptions NEVER = new RepackOptions(1, 100, 0);

  public RepackOptions {
    if (!(maxUnused >= 0) || minUnusedPercent < 1 || minUnusedPercent > 100 || maxBytes < 0) {
      throw new IllegalArgumentException(maxUnused + ", " + minUnusedPercent + ", " + maxBytes);
    }
  }
}
