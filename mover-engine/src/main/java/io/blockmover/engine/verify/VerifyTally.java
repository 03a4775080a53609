package io.blockmover.engine.verify;

import java.util.concurrent.atomic.LongAdder;

/** What a verification has looked at so far. Thread-safe. */
final class VerifyTally {
  final LongAdder objects = new LongAdder();
  final LongAdder chunks = new LongAdder();
  final LongAdder readBytes = new LongAdder();
}
