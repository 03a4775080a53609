package io.blockmover.repository.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Time that passes only while somebody waits. */
final class FakeTiming {

  private final List<Duration> waits = new ArrayList<>();
  private double random = 0.5;
  private long nowNanos = 1_000;

  Timing timing() {
    return new Timing(() -> nowNanos, this::sleep, () -> random);
  }

  List<Duration> waits() {
    return waits;
  }

  void setRandom(double next) {
    random = next;
  }

  void pass(Duration duration) {
    nowNanos += duration.toNanos();
  }

  private void sleep(Duration duration) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    waits.add(duration);
    pass(duration);
  }
}
