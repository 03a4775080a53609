package io.blockmover.api;

import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes object is missing, or not in a state in which it can be used for this. {@link
 * #kind()} tells which: NOT_FOUND, CONFLICT (changed or made by somebody else meanwhile),
 * UNAVAILABLE (not ready yet) or REFUSED (will not become usable by itself).
 */
public final class ClusterObjectUnusable extends MoverException {

  private ClusterObjectUnusable(
      ErrorKind kind, String message, String advice, @Nullable Throwable cause) {
    super(kind, message, advice, cause);
  }

  /** There is no such object, or no such kind of object. */
  public static ClusterObjectUnusable missing(String message, String advice) {
    return new ClusterObjectUnusable(ErrorKind.NOT_FOUND, message, advice, null);
  }

  /** It may become usable by itself. */
  public static ClusterObjectUnusable notReady(String message, String advice) {
    return new ClusterObjectUnusable(ErrorKind.UNAVAILABLE, message, advice, null);
  }

  /** Somebody else made or changed it meanwhile. */
  public static ClusterObjectUnusable conflict(
      String message, String advice, @Nullable Throwable cause) {
    return new ClusterObjectUnusable(ErrorKind.CONFLICT, message, advice, cause);
  }

  /** It exists and cannot be used for this; a person has to change something. */
  public static ClusterObjectUnusable refused(String message, String advice) {
    return new ClusterObjectUnusable(ErrorKind.REFUSED, message, advice, null);
  }

  @Override
  public boolean retryable() {
    return kind() == ErrorKind.UNAVAILABLE;
  }
}
