package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.cli.output.Output;
import io.blockmover.repository.crypto.CryptoWarmUp;
import java.util.OptionalInt;
import picocli.CommandLine.Mixin;

/** A command on a repository that exists. */
abstract class RepositorySubcommand extends Subcommand {

  @Mixin private final RepositoryOptions repositoryOptions = new RepositoryOptions();

  /**
   * Does the work.
   *
   * @return the exit code
   */
  abstract int run(Output output, OpenRepository open) throws Exception;

  /** What can be refused before the repository is opened. */
  void check() throws Complaint {}

  /**
   * Does the work without opening the repository here, where the options say so.
   *
   * @return the exit code, or empty to open it
   */
  OptionalInt elsewhere(Output output) throws Exception {
    return OptionalInt.empty();
  }

  final RepositoryOptions repositoryOptions() {
    return repositoryOptions;
  }

  @Override
  final int run(Output output) throws Exception {
    Output shown = resultsBesideData() ? output.besideData() : output;
    check();
    OptionalInt done = elsewhere(shown);
    if (done.isPresent()) {
      return done.getAsInt();
    }
    if (movesData()) {
      CryptoWarmUp.begin();
    }
    try (OpenRepository open = open(shown)) {
      return run(shown, open);
    }
  }

  /** Opens the repository. */
  OpenRepository open(Output output) throws MoverException, Complaint {
    return OpenRepository.open(repositoryOptions, surroundings(), output);
  }

  /** Whether so much data goes through the ciphers that they must be fast from the start. */
  boolean movesData() {
    return false;
  }

  /** Whether standard output carries data, so that words must go elsewhere. */
  boolean resultsBesideData() {
    return false;
  }
}
