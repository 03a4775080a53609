package io.blockmover.cli;

import io.blockmover.api.ErrorKind;

/** Exit codes, as users of restic know them. */
final class ExitCode {

  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int PARTLY_DONE = 3;
  static final int NO_REPOSITORY = 10;
  static final int BUSY = 11;
  static final int WRONG_PASSWORD = 12;
  static final int INTERRUPTED = 130;

  private ExitCode() {}

  /** The code for a failure of this kind. */
  static int of(ErrorKind kind) {
    return switch (kind) {
      case NO_REPOSITORY -> NO_REPOSITORY;
      case CONFLICT -> BUSY;
      case WRONG_PASSWORD -> WRONG_PASSWORD;
      case CANCELLED -> INTERRUPTED;
      case UNAVAILABLE,
          ACCESS_DENIED,
          NOT_FOUND,
          CORRUPT,
          OUTCOME_UNKNOWN,
          FULL,
          DEVICE,
          TRACKING,
          UNSUPPORTED,
          REFUSED ->
          FAILED;
    };
  }
}
