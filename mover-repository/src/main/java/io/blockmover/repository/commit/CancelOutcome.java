package io.blockmover.repository.commit;

/** How giving up ended. */
public enum CancelOutcome {
  /** The backup does not exist and never will. */
  NOT_COMMITTED,
  /** Too late: the backup exists, or has existed. */
  COMMITTED
}
