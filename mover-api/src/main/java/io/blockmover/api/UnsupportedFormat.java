package io.blockmover.api;

import org.jspecify.annotations.Nullable;

/** Written by a newer version, or needs a feature that is unknown here; nothing was guessed. */
public final class UnsupportedFormat extends MoverException {

  public UnsupportedFormat(String message, String advice) {
    this(message, advice, null);
  }

  public UnsupportedFormat(String message, String advice, @Nullable Throwable cause) {
    super(ErrorKind.UNSUPPORTED, message, advice, cause);
  }
}
