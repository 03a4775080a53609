package io.blockmover.engine.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The system's own programs, for tests with real devices. */
final class Command {
  private Command() {}

  /** Its output, of which it must not make so much that a pipe fills. */
  static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(List.of(command) + ": " + output);
    }
    return output.strip();
  }

  /** Skips the test, and says so, where a program is missing or this is not root. */
  static void assumeRootAnd(String... programs) {
    boolean root = "root".equals(System.getProperty("user.name"));
    skipUnless(root, "needs root");
    for (String program : programs) {
      boolean found =
          Arrays.stream((System.getenv("PATH") + ":/usr/sbin:/sbin").split(":"))
              .anyMatch(it -> new java.io.File(it, program).canExecute());
      skipUnless(found, "needs " + program);
    }
  }

  static void skipUnless(boolean condition, String reason) {
    if (!condition) {
      System.out.println("skipped: " + reason);
    }
    Assumptions.assumeTrue(condition, reason);
  }
}
