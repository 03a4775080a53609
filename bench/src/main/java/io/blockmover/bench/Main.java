package io.blockmover.bench;

import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/** Runs the micro-benchmarks (JMH's options apply) and ends with GB/s of volume per core. */
public final class Main {

  private Main() {}

  public static void main(String[] args) throws RunnerException, CommandLineOptionException {
    StringBuilder table = new StringBuilder("\n| loop | GB/s per core |\n|---|---|\n");
    for (RunResult result : new Runner(new CommandLineOptions(args)).run()) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %.2f |%n",
              result.getPrimaryResult().getLabel(),
              result.getPrimaryResult().getScore() * Content.CHUNK_BYTES / 1e9));
    }
    System.out.print(table);
  }
}
