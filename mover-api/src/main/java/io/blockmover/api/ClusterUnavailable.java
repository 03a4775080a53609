package io.blockmover.api;

import org.jspecify.annotations.Nullable;

/** The Kubernetes API server did not answer, or is overloaded; the same call may work later. */
public final class ClusterUnavailable extends MoverException {

  public ClusterUnavailable(String message, String advice, @Nullable Throwable cause) {
    super(ErrorKind.UNAVAILABLE, message, advice, cause);
  }

  @Override
  public boolean retryable() {
    return true;
  }
}
