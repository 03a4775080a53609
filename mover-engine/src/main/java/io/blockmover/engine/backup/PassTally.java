package io.blockmover.engine.backup;

import java.util.concurrent.atomic.LongAdder;

/** What a backup did besides storing what changed. Thread-safe. */
final class PassTally {

  /** Of cells that were stored whole because they had fallen into too many parts. */
  final LongAdder healedBytes = new LongAdder();

  /** Of pieces without fingerprint that could not be compared with what is stored. */
  final LongAdder storedAgainBytes = new LongAdder();

  /** Of chunks that were fetched from the store to compare with. */
  final LongAdder fetchedBytes = new LongAdder();

  /** Of what the list left out and was read all the same, to see whether it tells the truth. */
  final LongAdder sampledBytes = new LongAdder();
}
