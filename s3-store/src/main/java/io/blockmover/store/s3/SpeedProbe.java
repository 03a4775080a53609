package io.blockmover.store.s3;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.WriteOutcomeUnknown;
import io.blockmover.api.store.StoreReport.Finding;
import io.blockmover.api.store.StoreReport.Level;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Latency, throughput of one connection, and how large bodies are refused. */
final class SpeedProbe {

  static final String RANGES = "ranges";
  static final String LATE_REFUSAL = "put if absent, large";

  private static final int PACK_BYTES = 32 << 20;
  private static final int LOOKUPS = 10;
  private static final double NANOS_PER_MILLI = 1e6;

  private final S3ObjectStore store;
  private final List<Finding> findings;

  SpeedProbe(S3ObjectStore store, List<Finding> findings) {
    this.store = store;
    this.findings = findings;
  }

  void run() throws MoverException {
    String key = "large";
    ByteBuffer pack = ByteBuffer.allocateDirect(PACK_BYTES);
    try {
      long start = System.nanoTime();
      store.put(key, pack);
      long written = System.nanoTime();
      ByteBuffer into = ByteBuffer.allocateDirect(PACK_BYTES);
      long reading = System.nanoTime();
      store.read(key, 0, into);
      long read = System.nanoTime();
      add(
          Level.NOTE,
          "throughput",
          String.format(
              Locale.ROOT,
              "one connection: %.0f MiB/s up, %.0f MiB/s down (one object of 32 MiB each)",
              rate(written - start),
              rate(read - reading)));
      lookUps(key);
      rangePastTheEnd(key);
      lateRefusal(key, pack);
    } finally {
      store.delete(key);
    }
  }

  private void lookUps(String key) throws MoverException {
    long[] nanos = new long[LOOKUPS];
    for (int i = 0; i < LOOKUPS; i++) {
      long start = System.nanoTime();
      store.find(key);
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    add(
        Level.NOTE,
        "latency",
        String.format(
            Locale.ROOT,
            "%.1f ms for a look-up (median of %d), %.1f ms at worst",
            nanos[LOOKUPS / 2] / NANOS_PER_MILLI,
            LOOKUPS,
            nanos[LOOKUPS - 1] / NANOS_PER_MILLI));
  }

  private void rangePastTheEnd(String key) throws MoverException {
    try {
      store.read(key, PACK_BYTES, ByteBuffer.allocate(1));
      add(Level.FAILED, RANGES, "a range past the end was answered with bytes");
    } catch (CorruptData e) {
      add(Level.GOOD, RANGES, "exact, and refused past the end");
    }
  }

  private void lateRefusal(String key, ByteBuffer pack) throws MoverException {
    try {
      store.putIfAbsent(key, pack);
      add(Level.FAILED, LATE_REFUSAL, "a body of 32 MiB overwrote an object");
    } catch (ObjectAlreadyExists e) {
      add(Level.GOOD, LATE_REFUSAL, "refused with an answer");
    } catch (WriteOutcomeUnknown e) {
      add(
          Level.NOTE,
          LATE_REFUSAL,
          "the connection is cut instead of an answer; each time costs a look-up");
    }
  }

  private static double rate(long nanos) {
    return (PACK_BYTES >> 20) / (Math.max(1, nanos) / 1e9);
  }

  private void add(Level level, String check, String text) {
    findings.add(new Finding(level, check, text));
  }
}
