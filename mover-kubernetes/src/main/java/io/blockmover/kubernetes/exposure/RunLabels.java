package io.blockmover.kubernetes.exposure;

import java.util.Map;

/**
 * How our objects are known again, by whichever run comes next.
 *
 * @param volume uid of the claim that is worked on: also of one that was made anew
 * @param run this run's own id
 */
record RunLabels(String volume, String run) {

  static final String VOLUME = "blockmover.io/claim-uid";
  static final String RUN = "blockmover.io/run";
  static final String ROLE = "blockmover.io/role";

  /** The snapshot of a run that is not known to have become a backup. */
  static final String TAKEN = "taken";

  /** The snapshot of the last backup, from which the next one's changes are told. */
  static final String BASE = "base";

  private static final String MANAGER = "app.kubernetes.io/managed-by";

  /** What this run's objects carry. */
  Map<String, String> own() {
    return Map.of(MANAGER, "blockmover", VOLUME, volume, RUN, run);
  }

  /** What this run's objects carry, with a role. */
  Map<String, String> own(String role) {
    return Map.of(MANAGER, "blockmover", VOLUME, volume, RUN, run, ROLE, role);
  }

  /** What objects of all runs on this volume carry. */
  Map<String, String> all() {
    return Map.of(MANAGER, "blockmover", VOLUME, volume);
  }
}
