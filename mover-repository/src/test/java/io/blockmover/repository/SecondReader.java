package io.blockmover.repository;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Runs {@code tools/restore.py}, which knows the format from its page alone. */
final class SecondReader {

  private SecondReader() {}

  /**
   * How it ended.
   *
   * @param out standard output and error
   */
  record Outcome(int exitCode, String out) {}

  /** Skips the test, and says why, where Python or its libraries are not there. */
  static void assumePresent() throws IOException, InterruptedException {
    Outcome outcome;
    try {
      outcome =
          run(
              List.of(
                  "python3",
                  "-c",
                  "import sys; assert sys.version_info >= (3, 11); import zstandard;"
                      + " import cryptography.hazmat.primitives.kdf.argon2"),
              "");
    } catch (IOException e) {
      outcome = new Outcome(1, e.getMessage());
    }
    Assumptions.assumeTrue(
        outcome.exitCode() == 0,
        "no python3 with tools/requirements.txt: " + outcome.out().strip());
  }

  static Outcome restore(Path repository, String password, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("python3", script().toString()));
    command.add(repository.toString());
    command.addAll(List.of(arguments));
    return run(command, password);
  }

  private static Path script() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("tools/restore.py"))) {
      folder = folder.getParent();
    }
    return folder.resolve("tools/restore.py");
  }

  private static Outcome run(List<String> command, String password)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("MOVER_PASSWORD_FILE");
    builder.environment().put("MOVER_PASSWORD", password);
    Process process = builder.start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), out);
  }
}
