package io.blockmover.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs kubectl, as a user would, in one namespace. */
public record Kubectl(String namespace) {

  /** What a command said. */
  public record Result(int exitCode, String out, String err) {}

  /** Runs it and insists on success. */
  public String run(String... arguments) {
    return require("", arguments);
  }

  /** Creates or changes objects. */
  public void apply(String yaml) {
    require(yaml, "apply", "-f", "-");
  }

  /** Deletes what they name. */
  public void delete(String yaml) {
    require(yaml, "delete", "-f", "-");
  }

  private String require(String input, String... arguments) {
    Result result = attempt(input, arguments);
    assertThat(result.exitCode())
        .as("kubectl %s: %s%s", Arrays.toString(arguments), result.out(), result.err())
        .isZero();
    return result.out().strip();
  }

  /** Runs it, whatever comes of it. */
  public Result attempt(String input, String... arguments) {
    List<String> command = new ArrayList<>(List.of("kubectl", "-n", namespace));
    command.addAll(List.of(arguments));
    return process(command, input);
  }

  /** Runs any command. */
  public static Result process(List<String> command, String input) {
    try {
      Path err = Files.createTempFile("kubectl", "err");
      Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
      process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      String errors = Files.readString(err);
      Files.delete(err);
      return new Result(code, out, errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
