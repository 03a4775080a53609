package io.blockmover.kubernetes;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.api.ClusterUnavailable;
import io.blockmover.api.MoverException;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Turns what the client library throws into our exceptions: the one table for this module. */
final class ApiCalls {

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int UNPROCESSABLE = 422;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;

  private ApiCalls() {}

  /**
   * Makes a call.
   *
   * @param what continues "cannot", such as {@code "read VolumeSnapshot a/b"}
   */
  static <T extends @Nullable Object> T call(String what, Supplier<T> call) throws MoverException {
    try {
      return call.get();
    } catch (KubernetesClientException e) {
      throw failure(what, e);
    }
  }

  static MoverException failure(String what, KubernetesClientException e) {
    String message = "cannot " + what + ": " + reason(e);
    int code = e.getCode();
    if (code == UNAUTHORIZED) {
      return new AccessDenied(
          message,
          "the API server does not accept the credentials: log in again, or name a kubeconfig"
              + " with valid ones by KUBECONFIG",
          e);
    }
    if (code == FORBIDDEN) {
      return new AccessDenied(
          message,
          "allow it to this user: mover doctor --cluster prints the rule that is missing",
          e);
    }
    if (code == NOT_FOUND) {
      return ClusterObjectUnusable.missing(
          message,
          "look at the name, the namespace and the cluster (kubectl config current-context)");
    }
    if (code == CONFLICT) {
      return ClusterObjectUnusable.conflict(message, "run the command again", e);
    }
    if (code == UNPROCESSABLE || code == 400) {
      return ClusterObjectUnusable.refused(message, "");
    }
    if (code == TOO_MANY_REQUESTS || code >= SERVER_ERROR || code <= 0) {
      return new ClusterUnavailable(
          message,
          "is the cluster reachable from here (kubectl version)? Then run the command again",
          e);
    }
    return ClusterObjectUnusable.refused(message, "");
  }

  private static String reason(KubernetesClientException e) {
    Status status = e.getStatus();
    if (status != null && status.getMessage() != null && !status.getMessage().isEmpty()) {
      return status.getMessage();
    }
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
