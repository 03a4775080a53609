package io.blockmover.api;

/** What went wrong, for exit codes, statuses and metrics. */
public enum ErrorKind {
  /** The store or a service did not answer, or asked to slow down; the same call may work later. */
  UNAVAILABLE,
  /** Credentials are missing, expired or not allowed to do this. */
  ACCESS_DENIED,
  /** The named object, backup, volume or snapshot does not exist. */
  NOT_FOUND,
  /** Something with that name exists already, or changed since it was read. */
  CONFLICT,
  /** Stored bytes are not what was written. */
  CORRUPT,
  /** A write may or may not have taken effect. */
  OUTCOME_UNKNOWN,
  /** No space left, or a quota is used up. */
  FULL,
  /** The volume could not be read or written, or changed its size. */
  DEVICE,
  /** The tracker cannot answer; another way of finding changes must be used. */
  TRACKING,
  /** There is no repository at the place given. */
  NO_REPOSITORY,
  /** The password or key opens nothing. */
  WRONG_PASSWORD,
  /** The repository was written by a newer version, or needs a feature that is unknown here. */
  UNSUPPORTED,
  /** The target must not be written: mounted, in use, too small, or holding something. */
  REFUSED,
  /** The caller asked to stop. */
  CANCELLED
}
