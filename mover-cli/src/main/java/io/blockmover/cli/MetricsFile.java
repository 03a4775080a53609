package io.blockmover.cli;

import io.blockmover.cli.output.Output;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * What a command counted, as the textfile collector of Prometheus' node_exporter takes it; written
 * when the command ends.
 */
final class MetricsFile implements AutoCloseable {

  private final Path file;
  private final Output output;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  MetricsFile(Path file, Output output) {
    this.file = file.toAbsolutePath();
    this.output = output;
    Metrics.addRegistry(registry);
  }

  /**
   * Replaces the file at once, so that nobody reads half of it. A failure is a warning. The next
   * command of the process starts from nothing.
   */
  @Override
  public void close() {
    Metrics.removeRegistry(registry);
    Metrics.globalRegistry.clear();
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.writeString(beside, registry.scrape());
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      output.warn("the metrics could not be written to " + file + ": " + e);
    }
    registry.close();
  }
}
