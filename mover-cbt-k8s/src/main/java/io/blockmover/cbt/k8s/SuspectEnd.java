package io.blockmover.cbt.k8s;

import java.time.Duration;

/**
 * When an end that looks like success is asked about once more. Two known drivers end a stream with
 * OK when they are cancelled, as the sidecar does when its time is up; normally it reports that
 * itself, but the two race. Its limit is a whole number of minutes.
 */
final class SuspectEnd {

  private static final Duration AROUND = Duration.ofSeconds(2);

  private SuspectEnd() {}

  /** Whether a stream that took this long may have been cut by the limit. */
  static boolean isSuspect(Duration lasted) {
    long sinceMinute = lasted.toMillis() % 60_000;
    boolean afterBorder = lasted.toMinutes() > 0 && sinceMinute <= AROUND.toMillis();
    return afterBorder || sinceMinute >= 60_000 - AROUND.toMillis();
  }
}
