package io.blockmover.api;

import org.jspecify.annotations.Nullable;

/** There is no repository at the place given. */
public final class RepositoryNotFound extends MoverException {

  public RepositoryNotFound(String message, String advice) {
    this(message, advice, null);
  }

  public RepositoryNotFound(String message, String advice, @Nullable Throwable cause) {
    super(ErrorKind.NO_REPOSITORY, message, advice, cause);
  }
}
