package io.blockmover.api;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A failure with a cause outside the program. Each subtype is one thing that a caller can do about
 * it; its message says what failed and on what, and {@link #advice()} what to do next.
 *
 * <p>Errors of the programmer are {@link IllegalArgumentException}, {@link IllegalStateException}
 * or {@link NullPointerException} instead.
 */
public abstract sealed class MoverException extends IOException
    permits AccessDenied,
        BackupNotFound,
        BaseSnapshotMissing,
        Cancelled,
        ChangeRefused,
        ClusterObjectUnusable,
        ClusterUnavailable,
        ConditionFailed,
        CorruptData,
        DeviceFailed,
        ObjectAlreadyExists,
        ObjectNotFound,
        RepositoryNotFound,
        RetentionRefused,
        SourceReadFailed,
        StoreFull,
        StoreRejected,
        StoreUnavailable,
        TargetRefused,
        TrackingInterrupted,
        TrackingUnavailable,
        UnsupportedFormat,
        WriteOutcomeUnknown,
        WrongPassword {

  private final ErrorKind kind;
  private final String advice;

  MoverException(ErrorKind kind, String message, String advice, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.advice = advice;
  }

  /** What went wrong, coarsely. */
  public final ErrorKind kind() {
    return kind;
  }

  /** What a person should do next, one sentence; empty if the message says it all. */
  public final String advice() {
    return advice;
  }

  /** Whether the same call may succeed later without anything being changed by a person. */
  public boolean retryable() {
    return false;
  }
}
