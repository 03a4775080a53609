package io.blockmover.cli;

import java.util.regex.Pattern;

/**
 * The request at which a child process stops, to be killed there.
 *
 * @param operation {@code put}, {@code delete} or {@code read}
 * @param key the form of the key
 * @param applied whether the request has taken effect by then
 * @param nth which of these requests, counted from 1
 */
record PausePoint(String operation, Pattern key, boolean applied, int nth) {

  /** The variable by which a child is told. */
  static final String VARIABLE = "MOVER_TEST_PAUSE_AT";

  /** What the child says when it is there. */
  static final String REACHED = "PAUSED";

  static PausePoint parse(String text) {
    String[] parts = text.split(" ", -1);
    return new PausePoint(
        parts[0],
        Pattern.compile(parts[1]),
        Boolean.parseBoolean(parts[2]),
        Integer.parseInt(parts[3]));
  }

  boolean matches(String ofOperation, String ofKey) {
    return operation.equals(ofOperation) && key.matcher(ofKey).matches();
  }

  @Override
  public String toString() {
    return operation + " " + key + " " + applied + " " + nth;
  }
}
