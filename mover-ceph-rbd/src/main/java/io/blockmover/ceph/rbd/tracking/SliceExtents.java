package io.blockmover.ceph.rbd.tracking;

import io.blockmover.api.Extent;
import io.blockmover.ceph.rbd.librbd.DiffReceiver;
import java.util.Arrays;

/**
 * What a diff said of one part of an image, as two words for each extent; extents that touch are
 * one. Filled by one thread, then read by another.
 */
final class SliceExtents implements DiffReceiver {

  private static final int FIRST_WORDS = 64;

  private final int most;
  private final CancelFlag cancelled;
  private long[] words = new long[FIRST_WORDS];
  private int count;
  private long told;

  /** Whether to give up. */
  interface CancelFlag {
    boolean isSet();
  }

  /**
   * @param range that is asked about
   * @param most extents that are kept
   */
  SliceExtents(Extent range, int most, CancelFlag cancelled) {
    this.most = most;
    this.cancelled = cancelled;
    this.told = range.offset();
  }

  @Override
  public boolean extent(long offset, long length, boolean exists) {
    if (cancelled.isSet()) {
      return false;
    }
    if (offset < told) {
      throw new DisorderedDiff(offset, told);
    }
    long end = Math.addExact(offset, length);
    if (count > 0 && words[2 * count - 1] == offset) {
      words[2 * count - 1] = end;
    } else if (count == most) {
      return false; // before this offset all is told
    } else {
      append(offset, end);
    }
    told = end;
    return true;
  }

  private void append(long offset, long end) {
    if (2 * count == words.length) {
      words = Arrays.copyOf(words, 2 * words.length);
    }
    words[2 * count] = offset;
    words[2 * count + 1] = end;
    count++;
  }

  int count() {
    return count;
  }

  Extent get(int index) {
    return Extent.between(words[2 * index], words[2 * index + 1]);
  }

  /** Up to where all is told if the diff was ended by {@link #extent}. */
  long toldTo() {
    return told;
  }
}
