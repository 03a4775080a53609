package io.blockmover.velero.download;

import java.time.Duration;

/** What a step came to. */
sealed interface Step {

  /** Something was done; the next step can be. */
  record Done() implements Step {}

  /**
   * Nothing can be done until something happens.
   *
   * @param what continues "waiting for"
   */
  record Waits(String what, Duration look) implements Step {

    private static final Duration OFTEN = Duration.ofSeconds(2);

    Waits(String what) {
      this(what, OFTEN);
    }
  }

  /** All is done. */
  record Complete() implements Step {}

  /**
   * It cannot be done.
   *
   * @param why what, and on what object
   * @param advice what to do next
   */
  record Impossible(String why, String advice) implements Step {}
}
