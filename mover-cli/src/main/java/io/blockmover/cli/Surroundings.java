package io.blockmover.cli;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the process was started with; tests bring their own.
 *
 * @param prompt asks a question on the terminal without showing the answer; empty if there is no
 *     terminal or no answer
 * @param columns width of the terminal that standard error is, 0 if it is none
 */
public record Surroundings(
    Map<String, String> environment,
    InputStream in,
    PrintStream out,
    PrintStream err,
    Function<String, Optional<String>> prompt,
    int columns) {

  private static final int DEFAULT_COLUMNS = 80;

  /** Those of this process. */
  static Surroundings ofProcess() {
    Map<String, String> environment = System.getenv();
    return new Surroundings(
        environment,
        System.in,
        System.out,
        System.err,
        Surroundings::ask,
        columns(environment.get("MOVER_COLUMNS")));
  }

  /** The variable's value; empty if it is not set or empty. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  private static Optional<String> ask(String question) {
    return terminal().map(console -> console.readPassword("%s: ", question)).map(String::new);
  }

  /** The launcher knows the terminal's width; without it, a console means a terminal. */
  private static int columns(@Nullable String told) {
    if (told != null && told.matches("\\d{1,4}")) {
      return Integer.parseInt(told);
    }
    return terminal().isPresent() ? DEFAULT_COLUMNS : 0;
  }

  private static Optional<Console> terminal() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal);
  }
}
