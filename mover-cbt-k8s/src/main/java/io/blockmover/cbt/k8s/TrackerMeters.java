package io.blockmover.cbt.k8s;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** What the client counts. Names are listed in docs/cbt.md. */
final class TrackerMeters {

  private static final String PREFIX = "mover.tracker.";

  private final MeterRegistry registry;

  TrackerMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void tokenUsed(String driver) {
    registry.counter(PREFIX + "tokens", "driver", driver).increment();
  }

  void resumed(String driver, String reason) {
    registry.counter(PREFIX + "resumes", "driver", driver, "reason", reason).increment();
  }

  /** What one list counts, from its first request to its end. */
  Stream stream(String driver, MetadataQuery query) {
    String kind =
        switch (query) {
          case MetadataQuery.Allocated _ -> "allocated";
          case MetadataQuery.Delta _ -> "delta";
        };
    return new Stream(driver, kind);
  }

  /** Of one list. Not thread-safe. */
  final class Stream {
    private final String driver;
    private final String kind;
    private final Counter records;
    private final Counter bytes;
    private final long start = System.nanoTime();
    private boolean answered;
    private boolean ended;

    private Stream(String driver, String kind) {
      this.driver = driver;
      this.kind = kind;
      records = registry.counter(PREFIX + "records", "driver", driver, "kind", kind);
      bytes = registry.counter(PREFIX + "reported.bytes", "driver", driver, "kind", kind);
    }

    void message(int entries) {
      if (!answered) {
        answered = true;
        timer("first.record").record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
      }
      records.increment(entries);
    }

    void reported(long lengthBytes) {
      bytes.increment((double) lengthBytes);
    }

    /** Counts the first end only. */
    void end(String outcome) {
      if (!ended) {
        ended = true;
        timer("stream").record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        registry
            .counter(PREFIX + "streams", "driver", driver, "kind", kind, "outcome", outcome)
            .increment();
      }
    }

    private Timer timer(String name) {
      return registry.timer(PREFIX + name, "driver", driver, "kind", kind);
    }
  }
}
