package io.blockmover.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Runs commands in this process, with surroundings of its own. */
final class MoverRun {

  private final Map<String, String> environment = new HashMap<>();
  private InputStream in = new ByteArrayInputStream(new byte[0]);
  private Optional<String> answer = Optional.empty();

  /** What a command left behind. */
  record Outcome(int exitCode, byte[] bytes, String err) {
    String out() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  MoverRun variable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  MoverRun without(String name) {
    environment.remove(name);
    return this;
  }

  MoverRun typing(String typed) {
    answer = Optional.of(typed);
    return this;
  }

  MoverRun input(byte[] bytes) {
    in = new ByteArrayInputStream(bytes);
    return this;
  }

  Outcome run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Outcome outcome = runOnto(out, arguments);
    return new Outcome(outcome.exitCode(), out.toByteArray(), outcome.err());
  }

  /** With a standard output that takes nothing: a full disk. */
  Outcome runOntoFullDisk(String... arguments) {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int value) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    return runOnto(full, arguments);
  }

  /** With that for standard output; none of it is in the outcome. */
  Outcome runOnto(OutputStream out, String... arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        new CommandLineProgram(
                surroundings(
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8)),
                new Interruption())
            .run(arguments);
    return new Outcome(code, new byte[0], err.toString(StandardCharsets.UTF_8));
  }

  /** The surroundings alone, for what needs no command. */
  Surroundings surroundings() {
    return surroundings(System.out, System.err);
  }

  private Surroundings surroundings(PrintStream out, PrintStream err) {
    return new Surroundings(Map.copyOf(environment), in, out, err, question -> answer, 0);
  }
}
