package io.blockmover.repository.gc;

import java.time.Duration;

/**
 * What bounds memory and history.
 *
 * @param packsInMemory how many packs are looked at in one go, more or less
 * @param packsPerList how many packs one epoch condemns at most; a writer reads such a list whole
 * @param keptLists how many epochs' lists are kept at least
 * @param keptFor how long lists are kept at least
 * @param smallSegments so many small index segments are left alone
 * @param fullSegmentBytes an index segment of this size is not small
 * @param packBytes size of data packs that are written anew
 */
record GcLimits(
    int packsInMemory,
    int packsPerList,
    int keptLists,
    Duration keptFor,
    int smallSegments,
    long fullSegmentBytes,
    int packBytes) {

  /** 16 Mi packs are 512 TiB of data and some 200 MB of memory; 64 Ki packs are 2 TiB. */
  static final GcLimits STANDARD =
      new GcLimits(16 << 20, 64 << 10, 64, Duration.ofDays(30), 8, 4 << 20, 32 << 20);
}
