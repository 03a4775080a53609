package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.cli.output.Output;
import io.blockmover.cli.output.OutputStyle;
import io.blockmover.kubernetes.exposure.PodRequest;
import picocli.CommandLine.Option;

/** A command on a repository whose password nobody can be asked for, that prints JSON. */
abstract class PodSubcommand extends RepositorySubcommand {

  @Option(
      names = "--device",
      paramLabel = "PATH",
      defaultValue = PodRequest.DEVICE,
      description = "The volume. Default: ${DEFAULT-VALUE}.")
  private String device = PodRequest.DEVICE;

  final String device() {
    return device;
  }

  @Override
  final OutputStyle style(OutputStyle chosen) {
    return jsonOnly(chosen);
  }

  /** Nobody reads it but programs. */
  static OutputStyle jsonOnly(OutputStyle chosen) {
    return new OutputStyle(true, false, chosen.verbosity(), 0);
  }

  @Override
  final boolean movesData() {
    return true;
  }

  /** Whether a repository is made where there is none. */
  boolean makesRepository() {
    return false;
  }

  @Override
  final OpenRepository open(Output output) throws MoverException, Complaint {
    return OpenRepository.unattended(
        repositoryOptions(),
        repositoryOptions().location(surroundings()),
        surroundings(),
        output,
        makesRepository());
  }
}
