package io.blockmover.kubernetes.exposure;

/** Whether the snapshot that a claim's last backup was made from stays, as the next one's base. */
public enum KeptSnapshot {
  /** Where the driver needs it to tell what changed. */
  WHERE_NEEDED,
  /** In any case. */
  ALWAYS,
  /** Never. */
  NEVER
}
