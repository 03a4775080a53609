package io.blockmover.testkit;

/**
 * The process is dead from here on. An error, so that nothing that handles failures takes it for
 * one; the test catches it.
 */
public final class SimulatedCrash extends Error {

  private static final long serialVersionUID = 1L;

  public SimulatedCrash(String message) {
    super(message);
  }
}
