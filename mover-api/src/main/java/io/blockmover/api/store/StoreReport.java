package io.blockmover.api.store;

import java.util.List;
import java.util.Map;

/**
 * What trying out a store has shown.
 *
 * @param suitability what the store is good for
 * @param options the settings, by their option names, under which it works best; worth keeping with
 *     the repository, so that it need not be tried out again
 * @param findings what was tried, in order
 */
public record StoreReport(
    Suitability suitability, Map<String, String> options, List<Finding> findings) {

  public StoreReport {
    options = Map.copyOf(options);
    findings = List.copyOf(findings);
  }

  /** What a store is good for, by what its conditional writes are worth. */
  public enum Suitability {
    /** Class A: put-if-absent and compare-and-swap held in races. Any number of writers. */
    SHARED,
    /** Class B: no atomic compare-and-swap. One writer at a time, or leases. */
    SINGLE_WRITER,
    /** Class C: put-if-absent does not hold. Only if a person insists. */
    UNSAFE,
    /** Something basic failed, such as writing; the findings say what. */
    UNUSABLE
  }

  /** How a finding is to be taken. */
  public enum Level {
    GOOD,
    NOTE,
    WARNING,
    FAILED
  }

  /**
   * One thing tried.
   *
   * @param check its name, a few words
   * @param text what was found, a sentence for the operator
   */
  public record Finding(Level level, String check, String text) {}
}
