package io.blockmover.api;

import org.jspecify.annotations.Nullable;

/** No backup, or more than one, answers to what was asked for. */
public final class BackupNotFound extends MoverException {

  public BackupNotFound(String message, String advice) {
    this(message, advice, null);
  }

  public BackupNotFound(String message, String advice, @Nullable Throwable cause) {
    super(ErrorKind.NOT_FOUND, message, advice, cause);
  }
}
