package io.blockmover.api;

import org.jspecify.annotations.Nullable;

/**
 * The base of a delta is unknown to the storage, deleted, or newer than the target; use the next
 * way of finding changes.
 */
public final class BaseSnapshotMissing extends MoverException {

  public BaseSnapshotMissing(String message, String advice) {
    this(message, advice, null);
  }

  public BaseSnapshotMissing(String message, String advice, @Nullable Throwable cause) {
    super(ErrorKind.TRACKING, message, advice, cause);
  }
}
