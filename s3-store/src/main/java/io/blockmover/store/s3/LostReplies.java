package io.blockmover.store.s3;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.Cancelled;
import io.blockmover.api.MoverException;
import io.blockmover.api.StoreRejected;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.WriteOutcomeUnknown;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

/** The part of the table for calls that no answer came to: the network, TLS, the machine itself. */
final class LostReplies {

  private static final String[] NO_CREDENTIALS = {
    "Unable to load credentials", "Profile file contained no credentials", "Profile property"
  };
  private static final String[] POOL = {
    "Acquire operation took longer",
    "Maximum pending connection acquisitions exceeded",
    "Timeout waiting for connection from pool",
    "Timeout deadline"
  };
  private static final String[] NOT_TLS = {
    "Unsupported or unrecognized SSL message", "not an SSL/TLS record", "plaintext connection?"
  };

  private final String server;

  LostReplies(String server) {
    this.server = server;
  }

  /**
   * @param what "cannot write x in y"
   * @param answered whether this server has ever answered; if not, its address is the suspect
   */
  MoverException translate(Call call, String what, Throwable failure, boolean answered) {
    if (interrupted(failure)) {
      return cancelled(what, failure);
    }
    if (says(failure, NO_CREDENTIALS)) {
      return new AccessDenied(
          what + ": " + noCredentials(failure),
          "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with --s3-profile",
          failure);
    }
    if (has(failure, UnknownHostException.class) || says(failure, "UnknownHostException")) {
      return unavailable(
          what
              + ": the host name of "
              + server
              + " is not known"
              + " (is --s3-endpoint right? does the store need --s3-path-style=true?)",
          failure);
    }
    if (has(failure, ConnectException.class)
        || has(failure, NoRouteToHostException.class)
        || named(failure, "ConnectTimeoutException")) {
      return unavailable(what + ": no connection to " + server + ": " + root(failure), failure);
    }
    if (says(failure, POOL)) {
      return unavailable(what + ": no free connection to " + server, failure);
    }
    if (has(failure, CertificateException.class)
        || has(failure, CertPathBuilderException.class)
        || has(failure, CertPathValidatorException.class)) {
      return new StoreRejected(
          what + ": the certificate of " + server + " is not trusted: " + root(failure),
          "give the authority that signed it with --s3-ca-file",
          failure);
    }
    if ((has(failure, SSLException.class) && says(failure, NOT_TLS))
        || named(failure, "NotSslRecordException")) {
      return new StoreRejected(
          what + ": " + server + " does not speak TLS",
          "is the scheme right? Try http:// in --s3-endpoint",
          failure);
    }
    if (has(failure, SSLHandshakeException.class)) {
      return unavailable(what + ": TLS with " + server + " failed: " + root(failure), failure);
    }
    String says = what + ": no answer from " + server + ": " + root(failure) + hint(answered);
    return call.writes()
        ? new WriteOutcomeUnknown(
            says + "; it may still have been written",
            "check that the store is up and reachable, then run again: it looks first",
            failure)
        : unavailable(says, failure);
  }

  /** The SDK's own time limit interrupts, too, but clears the flag and has its own exception. */
  private static boolean interrupted(Throwable failure) {
    return Thread.currentThread().isInterrupted()
        || (!(failure instanceof ApiCallTimeoutException)
            && (has(failure, AbortedException.class) || has(failure, InterruptedException.class)));
  }

  static MoverException cancelled(String what, Throwable cause) {
    Thread.currentThread().interrupt();
    return new Cancelled(what + ": interrupted", "", cause);
  }

  private String hint(boolean answered) {
    if (answered) {
      return "";
    }
    return server.startsWith("https:")
        ? " (it never answered yet: is the scheme right, and the port?)"
        : " (it never answered yet: is the scheme right? A TLS port needs https://)";
  }

  private static MoverException unavailable(String message, Throwable cause) {
    return new StoreUnavailable(message, Duration.ZERO, cause);
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> type) {
    return any(failure, type::isInstance);
  }

  /** For classes of HTTP clients that we do not compile against. */
  private static boolean named(Throwable failure, String simpleName) {
    return any(failure, t -> t.getClass().getSimpleName().equals(simpleName));
  }

  /** The SDK lists at length where it looked; what a person needs of that is one line. */
  private static String noCredentials(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("any of the providers in the chain")
        ? "no credentials in the environment, in ~/.aws or from the machine's own services"
        : message;
  }

  private static boolean says(Throwable failure, String... parts) {
    return any(
        failure,
        t -> {
          String message = t.getMessage();
          if (message == null) {
            return false;
          }
          for (String part : parts) {
            if (message.contains(part)) {
              return true;
            }
          }
          return false;
        });
  }

  private static boolean any(Throwable failure, Predicate<Throwable> test) {
    int depth = 0;
    for (@Nullable Throwable t = failure; t != null && depth < 20; t = t.getCause(), depth++) {
      if (test.test(t)) {
        return true;
      }
    }
    return false;
  }

  private static String root(Throwable failure) {
    Throwable root = failure;
    for (int depth = 0; root.getCause() != null && depth < 20; depth++) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
