package io.blockmover.repository.commit;

/** Why a round of a commit was lost. */
public enum RedoReason {
  /** It could not be found out whether the manifest was written. */
  MANIFEST_UNKNOWN,
  /** Somebody else wrote the volume's HEAD. */
  HEAD_MOVED,
  /** The swap of HEAD did not answer, and had no effect yet. */
  SWAP_UNKNOWN,
  /** Packs of the backup were condemned. */
  PACKS_CONDEMNED,
  /** The session was older than the floor, or had slept until its own packs were deleted. */
  SESSION_TOO_OLD
}
