package io.blockmover.api;

import org.jspecify.annotations.Nullable;

/** A device or file could not be opened, written or flushed, or it vanished or changed its size. */
public final class DeviceFailed extends MoverException {

  public DeviceFailed(String message, String advice) {
    this(message, advice, null);
  }

  public DeviceFailed(String message, String advice, @Nullable Throwable cause) {
    super(ErrorKind.DEVICE, message, advice, cause);
  }
}
