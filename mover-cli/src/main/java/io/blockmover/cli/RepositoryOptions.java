package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.cli.location.RepositoryLocation;
import io.blockmover.cli.location.Stores;
import io.blockmover.cli.output.Output;
import io.blockmover.cli.password.PasswordSource;
import io.blockmover.repository.store.RetryListener;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where the repository is and how to get in. */
final class RepositoryOptions {

  @Option(
      names = {"-r", "--repo"},
      paramLabel = "REPO",
      description =
          "The repository: a directory, file:///directory or s3://bucket/prefix. Default:"
              + " MOVER_REPO.")
  private @Nullable String repo;

  @Option(
      names = {"-p", "--password-file"},
      paramLabel = "FILE",
      description =
          "File whose first line is the password. Default: MOVER_PASSWORD_FILE,"
              + " MOVER_PASSWORD_COMMAND, MOVER_PASSWORD, or a question on the terminal.")
  private @Nullable Path passwordFile;

  @Option(
      names = "--limit-upload",
      paramLabel = "RATE",
      converter = RateConverter.class,
      description = "Send at most so many bytes a second: 500K, 20M, 1G.")
  private long limitUpload;

  @Option(
      names = "--limit-download",
      paramLabel = "RATE",
      converter = RateConverter.class,
      description = "Receive at most so many bytes a second.")
  private long limitDownload;

  @ArgGroup(exclusive = false, validate = false, heading = "%nFor s3:// repositories:%n")
  private final S3StoreOptions s3 = new S3StoreOptions();

  /** Those of a second repository: all but these two from its own surroundings. */
  static RepositoryOptions of(String repo, @Nullable Path passwordFile) {
    RepositoryOptions options = new RepositoryOptions();
    options.repo = repo;
    options.passwordFile = passwordFile;
    return options;
  }

  /** The repository's place; empty if the user named none. */
  Optional<RepositoryLocation> givenLocation(Surroundings surroundings) throws Complaint {
    Optional<String> text = Optional.ofNullable(repo).or(() -> surroundings.variable("MOVER_REPO"));
    return text.isEmpty()
        ? Optional.empty()
        : Optional.of(RepositoryLocation.parse(text.get(), s3.of(text.get(), surroundings)));
  }

  /** Whether the command line names a repository. */
  boolean named() {
    return repo != null;
  }

  RepositoryLocation location(Surroundings surroundings) throws Complaint {
    return givenLocation(surroundings)
        .orElseThrow(
            () -> Complaint.usage("no repository was given", "use --repo, or set MOVER_REPO"));
  }

  /** Another place, on the same store. */
  RepositoryLocation place(String text, Surroundings surroundings) throws Complaint {
    return RepositoryLocation.parse(text, s3.of(text, surroundings));
  }

  Stores.Opened store(Surroundings surroundings, RetryListener retries)
      throws MoverException, Complaint {
    return store(location(surroundings), retries);
  }

  Stores.Opened store(RepositoryLocation location, RetryListener retries)
      throws MoverException, Complaint {
    return Stores.open(location, limitUpload, limitDownload, retries);
  }

  PasswordSource password(Surroundings surroundings, Output output) {
    return new PasswordSource(surroundings, passwordFile, output::warn);
  }
}
