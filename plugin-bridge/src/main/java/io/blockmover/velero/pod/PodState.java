package io.blockmover.velero.pod;

/** Where a pod stands. */
public sealed interface PodState {

  /**
   * It has not begun.
   *
   * @param reason what it waits for; empty if nobody says
   */
  record Waiting(String reason) implements PodState {}

  /**
   * It will never begin.
   *
   * @param why what and on what object
   * @param advice what to do about it
   */
  record Hopeless(String why, String advice) implements PodState {}

  /** It works. */
  record Running(String node) implements PodState {}

  /**
   * Mover said how it went.
   *
   * @param exitCode as in docs/cli: 0 done, 3 partly done, 11 busy
   */
  record Ended(int exitCode, PodReport report, String node) implements PodState {}

  /** It ended, or its node did, and nothing is known of the result: it may be started again. */
  record Died(String why) implements PodState {}
}
