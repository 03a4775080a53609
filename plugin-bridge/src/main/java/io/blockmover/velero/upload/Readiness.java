package io.blockmover.velero.upload;

/** What a step found: what it is about, or what that still waits for. */
sealed interface Readiness<T> {

  record Ready<T>(T value) implements Readiness<T> {}

  /**
   * Not yet.
   *
   * @param reason continues "waiting for", for people
   */
  record Waits<T>(String reason) implements Readiness<T> {}
}
