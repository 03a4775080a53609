package io.blockmover.cli.velero;

import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for a cluster: nothing else says when it has done what it was asked. */
final class Waiting {

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private static final Set<String> ENDED =
      Set.of("Completed", "PartiallyFailed", "Failed", "FailedValidation");

  private Waiting() {}

  static boolean ended(String phase) {
    return ENDED.contains(phase);
  }

  /** Asks again and again until the answer is as wanted. */
  static String until(String what, Supplier<String> question, Predicate<String> wanted) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    String answer = question.get();
    while (!wanted.test(answer)) {
      if (System.nanoTime() > end) {
        throw new AssertionError(what + " is still '" + answer + "'");
      }
      try {
        Thread.sleep(500);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      answer = question.get();
    }
    return answer;
  }
}
