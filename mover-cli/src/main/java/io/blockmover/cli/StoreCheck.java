package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.StoreReport;
import io.blockmover.api.store.StoreReport.Finding;
import io.blockmover.api.store.StoreReport.Level;
import io.blockmover.cli.output.Sizes;
import io.blockmover.repository.Randomness;
import io.blockmover.repository.probe.ConditionalWriteProbe;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Tries out a store whose provider has no probe of its own. */
final class StoreCheck {

  private static final int LARGE_BYTES = 32 << 20;
  private static final int SMALL_WRITES = 20;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MILLI = 1e6;

  private StoreCheck() {}

  static StoreReport run(ObjectStore store) throws MoverException {
    StoreReport report = new ConditionalWriteProbe(store, Randomness.secure()).run();
    List<Finding> findings = new ArrayList<>(report.findings());
    String prefix = "probe-" + Randomness.secure().name() + "-";
    try {
      findings.add(latency(store, prefix + "small"));
      findings.addAll(throughput(store, prefix + "large"));
    } finally {
      store.deleteAll(List.of(prefix + "small", prefix + "large"));
    }
    return new StoreReport(report.suitability(), report.options(), findings);
  }

  private static Finding latency(ObjectStore store, String key) throws MoverException {
    long start = System.nanoTime();
    for (int i = 0; i < SMALL_WRITES; i++) {
      store.put(key, ByteBuffer.wrap(new byte[] {(byte) i}));
    }
    double millis = (System.nanoTime() - start) / NANOS_PER_MILLI / SMALL_WRITES;
    return new Finding(Level.NOTE, "latency", String.format("%.1f ms a small put", millis));
  }

  private static List<Finding> throughput(ObjectStore store, String key) throws MoverException {
    ByteBuffer body = ByteBuffer.allocateDirect(LARGE_BYTES);
    long start = System.nanoTime();
    store.put(key, body.duplicate());
    long written = System.nanoTime();
    store.read(key, 0, body);
    long read = System.nanoTime();
    return List.of(
        new Finding(Level.NOTE, "put", rate(written - start) + " for one of 32 MiB"),
        new Finding(Level.NOTE, "get", rate(read - written) + " for one of 32 MiB"));
  }

  private static String rate(long nanos) {
    return Sizes.rate(LARGE_BYTES * NANOS_PER_SECOND / Math.max(1, nanos));
  }
}
