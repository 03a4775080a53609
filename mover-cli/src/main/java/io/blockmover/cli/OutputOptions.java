package io.blockmover.cli;

import io.blockmover.cli.output.OutputStyle;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much a command says, and in which form. */
final class OutputOptions {

  @Option(
      names = "--json",
      description = "Results as JSON: one document, or a line each while something runs.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "No progress and no remarks, only results, warnings and errors.")
  private boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      description = "Log more, and show where errors come from; twice for still more.")
  private boolean[] verbose = {};

  @Option(
      names = "--metrics-file",
      paramLabel = "FILE",
      description = "When done, write what was counted to FILE, as Prometheus text.")
  private @Nullable Path metricsFile;

  /** Where to write metrics; null for nowhere. */
  @Nullable Path metricsFile() {
    return metricsFile;
  }

  OutputStyle style(int columns) {
    return new OutputStyle(json, quiet, verbose.length, columns);
  }
}
