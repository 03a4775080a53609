package io.blockmover.cli.output;

import io.blockmover.engine.progress.Progress;
import java.time.Duration;
import java.util.Locale;

/** One moment of a job as a line of text. */
final class ProgressLine {

  private static final int WIDEST_BAR = 30;
  private static final int NARROWEST_BAR = 6;
  private static final double NANOS_PER_SECOND = 1e9;

  private ProgressLine() {}

  /** With a bar, at most {@code columns} wide. */
  static String bar(
      String title, Progress.Snapshot state, double bytesPerSecond, Duration elapsed, int columns) {
    String text = text(state, bytesPerSecond, elapsed);
    int room = columns - title.length() - text.length() - 5;
    String line =
        state.totalBytes() == 0 || room < NARROWEST_BAR
            ? title + "  " + text
            : title + "  " + drawn(fraction(state), Math.min(room, WIDEST_BAR)) + "  " + text;
    return line.length() <= columns ? line : line.substring(0, columns);
  }

  /** Without a bar, for logs. */
  static String plain(
      String title, Progress.Snapshot state, double bytesPerSecond, Duration elapsed) {
    return title + ": " + text(state, bytesPerSecond, elapsed);
  }

  /** What is left at this rate; negative while nobody can know. */
  static long secondsLeft(Progress.Snapshot state, double bytesPerSecond) {
    long left = state.totalBytes() - state.doneBytes();
    return state.totalBytes() == 0 || bytesPerSecond < 1 ? -1 : Math.round(left / bytesPerSecond);
  }

  /** From 0 to 1; a job that does more than it expected is not shown as more than done. */
  static double fraction(Progress.Snapshot state) {
    return state.totalBytes() == 0
        ? 0
        : Math.min(1.0, (double) state.doneBytes() / state.totalBytes());
  }

  private static String text(Progress.Snapshot state, double bytesPerSecond, Duration elapsed) {
    StringBuilder text = new StringBuilder();
    if (state.totalBytes() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "%3d%%  %s of %s",
              (int) (fraction(state) * 100),
              Sizes.bytes(state.doneBytes()),
              Sizes.bytes(state.totalBytes())));
    } else {
      text.append(Sizes.bytes(state.doneBytes()));
    }
    text.append("  ").append(Sizes.rate(bytesPerSecond));
    text.append("  ").append(phase(state, bytesPerSecond, elapsed));
    if (state.retries() > 0) {
      text.append("  ")
          .append(state.retries())
          .append(state.retries() == 1 ? " retry" : " retries");
    }
    return text.toString();
  }

  private static String phase(Progress.Snapshot state, double bytesPerSecond, Duration elapsed) {
    return switch (state.phase()) {
      case STARTING -> "starting";
      case PLANNING -> "planning";
      case FLUSHING -> "flushing";
      case COMMITTING -> "committing";
      case DONE -> "took " + Sizes.time(elapsed);
      case MOVING, CHECKING -> left(secondsLeft(state, bytesPerSecond), elapsed);
    };
  }

  private static String left(long seconds, Duration elapsed) {
    boolean known = seconds >= 0 && elapsed.toNanos() > NANOS_PER_SECOND / 2;
    return known ? Sizes.clock(Duration.ofSeconds(seconds)) + " left" : "";
  }

  private static String drawn(double fraction, int width) {
    int full = (int) (fraction * width);
    return "[" + "#".repeat(full) + ".".repeat(width - full) + "]";
  }
}
