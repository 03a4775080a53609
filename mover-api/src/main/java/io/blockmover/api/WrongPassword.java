package io.blockmover.api;

import org.jspecify.annotations.Nullable;

/** No key slot of the repository opens with the password or key given. */
public final class WrongPassword extends MoverException {

  public WrongPassword(String message, String advice) {
    this(message, advice, null);
  }

  public WrongPassword(String message, String advice, @Nullable Throwable cause) {
    super(ErrorKind.WRONG_PASSWORD, message, advice, cause);
  }
}
