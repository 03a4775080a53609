package io.blockmover.cli;

import java.util.regex.Pattern;

/**
 * Chooses what is logged before anything logs: the arguments are looked at ahead of the parser,
 * which itself is late.
 */
final class LogLevels {

  /** System property that the logging configuration reads. */
  static final String PROPERTY = "blockmover.log";

  private static final Pattern SHORT = Pattern.compile("-v+");

  private LogLevels() {}

  /** Sets the level for these arguments; {@code MOVER_LOG} names one too. */
  static void choose(String... arguments) {
    if (System.getProperty(PROPERTY) == null) {
      String level =
          switch (verbosity(arguments)) {
            case 0 -> "WARN";
            case 1 -> "INFO";
            default -> "DEBUG";
          };
      System.setProperty(PROPERTY, level);
    }
  }

  /** How many times {@code -v} was given. */
  static int verbosity(String... arguments) {
    int count = 0;
    for (String argument : arguments) {
      if (argument.equals("--")) {
        break;
      }
      if (argument.equals("--verbose")) {
        count++;
      } else if (SHORT.matcher(argument).matches()) {
        count += argument.length() - 1;
      }
    }
    return count;
  }
}
