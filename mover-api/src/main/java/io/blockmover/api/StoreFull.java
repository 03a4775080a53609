package io.blockmover.api;

import org.jspecify.annotations.Nullable;

/** The store has no space left or a quota is used up; nothing partial is visible. */
public final class StoreFull extends MoverException {

  public StoreFull(String message, String advice) {
    this(message, advice, null);
  }

  public StoreFull(String message, String advice, @Nullable Throwable cause) {
    super(ErrorKind.FULL, message, advice, cause);
  }
}
