package io.blockmover.repository.journal;

/**
 * The part of the volume that one journal record is about.
 *
 * @param from first offset, where the record before ended
 * @param to first offset after it
 */
record JournalSpan(long from, long to) {

  JournalSpan {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("not a span: [" + from + ", " + to + ")");
    }
  }
}
