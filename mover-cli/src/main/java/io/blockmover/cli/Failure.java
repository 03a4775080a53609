package io.blockmover.cli;

import io.blockmover.api.MoverException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A failure as the user sees it.
 *
 * @param kind one word for scripts
 * @param message what failed, and on what
 * @param advice what to do next, may be empty
 * @param unexpected whether it is a fault of this program
 */
record Failure(int exitCode, String kind, String message, String advice, boolean unexpected) {

  /** What to tell of an exception. */
  static Failure of(Throwable cause) {
    return switch (cause) {
      case MoverException e ->
          new Failure(
              ExitCode.of(e.kind()),
              e.kind().name().toLowerCase(Locale.ROOT),
              text(e),
              e.advice(),
              false);
      case Complaint e ->
          new Failure(
              e.exitCode(),
              e.exitCode() == ExitCode.USAGE ? "usage" : "failed",
              text(e),
              e.advice(),
              false);
      case OutOfMemoryError e ->
          new Failure(
              ExitCode.FAILED,
              "memory",
              "out of memory: " + text(e),
              "use --memory small, or raise MOVER_HEAP (for example MOVER_HEAP=512m)",
              false);
      default ->
          new Failure(
              ExitCode.FAILED,
              "internal",
              "unexpected error: " + cause,
              "this is a fault of mover itself; run the command again with -v and report what it says",
              true);
    };
  }

  /** The lines for a person. */
  String text() {
    return "mover: " + message + (advice.isEmpty() ? "" : "\n  what to do: " + advice);
  }

  /** The document for a script. */
  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", "error");
    document.put("exitCode", exitCode);
    document.put("kind", kind);
    document.put("message", message);
    document.put("advice", advice);
    return document;
  }

  private static String text(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
