package io.blockmover.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The repository that a command writes to beside the one that it reads. */
final class SecondRepository {

  private static final String OURS = "MOVER_";
  private static final String ITS = "MOVER_TO_";

  @Option(
      names = "--to",
      paramLabel = "REPO",
      description = "The repository to copy to. Default: MOVER_TO_REPO.")
  private @Nullable String repo;

  @Option(
      names = "--to-password-file",
      paramLabel = "FILE",
      description =
          "File whose first line is its password. Default: MOVER_TO_PASSWORD_FILE,"
              + " MOVER_TO_PASSWORD_COMMAND, MOVER_TO_PASSWORD, or a question on the terminal.")
  private @Nullable Path passwordFile;

  /** How to open it, with {@link #surroundings}. */
  RepositoryOptions options(Surroundings around) throws Complaint {
    String place =
        Optional.ofNullable(repo)
            .or(() -> around.variable("MOVER_TO_REPO"))
            .orElseThrow(
                () ->
                    Complaint.usage(
                        "no repository to copy to was given", "use --to, or set MOVER_TO_REPO"));
    return RepositoryOptions.of(place, passwordFile);
  }

  /**
   * Those in which it is opened: {@code MOVER_TO_X} is its {@code MOVER_X}, and none of the first
   * repository's settings is taken for its own.
   */
  Surroundings surroundings(Surroundings around) {
    Map<String, String> environment = new HashMap<>();
    around
        .environment()
        .forEach(
            (name, value) -> {
              if (name.startsWith(ITS)) {
                environment.put(OURS + name.substring(ITS.length()), value);
              } else if (!name.startsWith(OURS)) {
                environment.put(name, value);
              }
            });
    return new Surroundings(
        environment,
        around.in(),
        around.out(),
        around.err(),
        question -> around.prompt().apply("repository to copy to: " + question),
        around.columns());
  }
}
