package io.blockmover.repository.session;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The process that runs sessions.
 *
 * @param name of the host
 * @param program and version
 * @param scheduler runs the heartbeats; shutting it down is its owner's
 * @param interval between two beats
 */
public record SessionHost(
    String name, long pid, String program, ScheduledExecutorService scheduler, Duration interval) {

  /** How often a session says that it lives. */
  public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(60);

  /** This process. */
  public static SessionHost current(
      String hostName, String program, ScheduledExecutorService scheduler) {
    return new SessionHost(
        hostName, ProcessHandle.current().pid(), program, scheduler, DEFAULT_INTERVAL);
  }
}
