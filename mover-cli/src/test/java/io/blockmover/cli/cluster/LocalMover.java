package io.blockmover.cli.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Mover in a process of its own on this machine, as an administrator runs it. */
final class LocalMover {

  private LocalMover() {}

  private static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add("io.blockmover.cli.Main");
    command.addAll(List.of(arguments));
    return command;
  }

  /** Runs it to its end. */
  static Kubectl.Result run(String... arguments) {
    return Kubectl.process(command(arguments), "");
  }

  /**
   * Kills it, as the kernel would, when it says that it begins a step.
   *
   * @return whether it came so far
   */
  static boolean killAt(String step, String... arguments) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command(arguments))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader words =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      String line = words.readLine();
      while (line != null && !line.startsWith(step)) {
        line = words.readLine();
      }
      return line != null;
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
  }
}
