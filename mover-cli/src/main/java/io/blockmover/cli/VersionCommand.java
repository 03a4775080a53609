package io.blockmover.cli;

import io.blockmover.cli.output.Output;
import picocli.CommandLine.Command;

/** {@code mover version}. */
@Command(
    name = "version",
    header = "Say which version this is.",
    footer = "  mover version --json",
    description = "The program, the newest repository format it writes, and what it runs on.")
final class VersionCommand extends Subcommand {

  @Override
  int run(Output output) {
    Version.details().forEach((name, value) -> output.line(String.format("%-13s %s", name, value)));
    output.document(Version.details());
    return ExitCode.DONE;
  }
}
