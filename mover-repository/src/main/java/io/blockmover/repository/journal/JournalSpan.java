package io.blockmover.repository.journal;

import org.jspecify.annotations.Nullable;

/**
 * The part of the volume that one journal record is about.
 *
 * @param from first offset, where the record before ended
 * @param to first offset after it
 * @param method what was believed about it; null if all of it was compared
 */
record JournalSpan(long from, long to, @Nullable String method) {

  JournalSpan {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("not a span: [" + from + ", " + to + ")");
    }
  }
}
