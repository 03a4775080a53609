package io.blockmover.cli;

import io.blockmover.engine.backup.BackupReport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;

/** What a backup did, as counters for {@code --metrics-file}; see docs/cbt.md. */
final class BackupMeters {

  private BackupMeters() {}

  /** Counts a backup that was committed. */
  static void count(BackupReport report) {
    bytes("read", (double) report.readBytes());
    bytes("sampled", (double) report.sampledBytes());
    bytes("changed", (double) report.changedBytes());
    bytes("uploaded", (double) report.uploadedBytes());
    for (String step : report.steps()) {
      tracker("mover.backup.fallbacks", trackerOf(step));
    }
    report.distrusted().forEach(record -> tracker("mover.backup.distrusted", record.tracker()));
  }

  /** A step is "tracker: sentence"; the sentence is for people, and stands in the manifest. */
  static String trackerOf(String step) {
    return step.substring(0, Math.max(0, step.indexOf(": ")));
  }

  private static void bytes(String kind, double amount) {
    Counter.builder("mover.backup")
        .baseUnit("bytes")
        .tag("kind", kind)
        .register(Metrics.globalRegistry)
        .increment(amount);
  }

  private static void tracker(String name, String tracker) {
    Counter.builder(name).tag("tracker", tracker).register(Metrics.globalRegistry).increment();
  }
}
