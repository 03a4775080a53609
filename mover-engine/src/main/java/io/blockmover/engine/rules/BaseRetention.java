package io.blockmover.engine.rules;

/** Whether the snapshot that a backup was made from is kept as the base of the next delta. */
public enum BaseRetention {
  /** Where the driver needs it to tell changes. */
  WHERE_NEEDED,
  /** In any case. */
  ALWAYS,
  /** Never: where the driver needs one, the next backup compares. */
  NEVER
}
