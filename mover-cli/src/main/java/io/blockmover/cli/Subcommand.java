package io.blockmover.cli;

import io.blockmover.cli.output.Output;
import io.blockmover.cli.output.OutputStyle;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all commands share. */
@Command(
    mixinStandardHelpOptions = false,
    synopsisHeading = "%nUsage: ",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    sortOptions = false,
    abbreviateSynopsis = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:done",
      " 1:failed",
      " 2:wrong usage",
      " 3:partly done",
      "10:no repository",
      "11:busy",
      "12:wrong password",
      "130:interrupted"
    })
abstract class Subcommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final OutputOptions outputOptions = new OutputOptions();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and do nothing.")
  @SuppressWarnings("UnusedVariable") // picocli looks at the annotation
  private boolean help;

  /**
   * Does the work.
   *
   * @return the exit code
   */
  abstract int run(Output output) throws Exception;

  @Override
  public final Integer call() throws Exception {
    Surroundings around = surroundings();
    OutputStyle style = style(outputOptions.style(around.columns()));
    Output output = new Output(around.out(), around.err(), style, mover().documents());
    Path metrics = outputOptions.metricsFile();
    if (metrics == null) {
      return run(output);
    }
    try (MetricsFile _ = new MetricsFile(metrics, output)) {
      return run(output);
    }
  }

  /** How it speaks, where the user said {@code chosen}. */
  OutputStyle style(OutputStyle chosen) {
    return chosen;
  }

  /** Whether somebody wants the counters; where not, Micrometer need not be loaded. */
  final boolean counts() {
    return outputOptions.metricsFile() != null;
  }

  final Surroundings surroundings() {
    return mover().surroundings();
  }

  final Interruption interruption() {
    return mover().interruption();
  }

  private Mover mover() {
    return (Mover) Objects.requireNonNull(spec).root().userObject();
  }
}
