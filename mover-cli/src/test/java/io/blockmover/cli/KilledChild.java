package io.blockmover.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@code mover} process that gets a SIGKILL. */
final class KilledChild {

  private final Process process;

  /**
   * @param point where it waits for its end
   */
  KilledChild(PausePoint point, String password, Path errors, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            "io.blockmover.cli.Main"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("MOVER_PASSWORD", password);
    builder.environment().put(PausePoint.VARIABLE, point.toString());
    builder.redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
    process = builder.start();
  }

  /**
   * Waits until it has come to its point, and a little longer, and kills it.
   *
   * @return false if it has ended without coming there
   */
  boolean killAtPoint(int millisLater) throws InterruptedException {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      while (line != null && !line.equals(PausePoint.REACHED)) {
        line = out.readLine();
      }
      return kill(millisLater) && line != null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Kills it after so many milliseconds.
   *
   * @return false if it had ended before
   */
  boolean kill(int millisLater) throws InterruptedException {
    boolean ended = process.waitFor(millisLater, TimeUnit.MILLISECONDS);
    process.destroyForcibly();
    process.waitFor();
    return !ended;
  }
}
