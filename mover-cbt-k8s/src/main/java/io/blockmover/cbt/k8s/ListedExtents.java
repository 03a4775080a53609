package io.blockmover.cbt.k8s;

import io.blockmover.api.Extent;
import org.jspecify.annotations.Nullable;

/**
 * Turns checked entries into extents: cut to what was asked for, joined, and with what the driver
 * cannot know of added at the end.
 */
final class ListedExtents {

  private final long fromOffset;
  private final long sizeBytes;
  private final ExtentMerger merger = new ExtentMerger();
  private long knownTo;
  private long doneTo;

  /**
   * @param fromOffset nothing before it is wanted
   * @param knownTo what lies behind it is listed whatever the driver says: the base's size
   * @param sizeBytes of the volume
   */
  ListedExtents(long fromOffset, long knownTo, long sizeBytes) {
    this.fromOffset = fromOffset;
    this.sizeBytes = sizeBytes;
    this.knownTo = Math.min(knownTo, sizeBytes);
    this.doneTo = fromOffset;
  }

  /** The driver takes the volume to be this long; it does not know of what lies behind. */
  void capacity(long bytes) {
    knownTo = Math.min(knownTo, bytes);
  }

  /** An entry of the list, in order; resumed lists may begin with what is known already. */
  void add(long offset, long size) {
    long from = Math.max(offset, doneTo);
    long to = Math.min(offset + size, knownTo);
    if (from < to) {
      merger.add(from, to);
      doneTo = to;
    }
  }

  /** The list is complete. */
  void finish() {
    long from = Math.max(knownTo, fromOffset);
    if (from < sizeBytes) {
      merger.add(from, sizeBytes);
    }
    merger.flush();
  }

  /** An extent that nothing can be joined to any more; null if there is none yet. */
  @Nullable Extent poll() {
    return merger.poll();
  }
}
