package io.blockmover.cbt.k8s;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What a connection failed of, in words. */
final class TransportTrouble {

  private TransportTrouble() {}

  /** What happened, for the middle of a message. */
  static String sentence(Throwable cause) {
    Throwable root = root(cause);
    String words = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    if (find(cause, CertificateExpiredException.class) != null) {
      return "its certificate has expired: " + words;
    }
    if (find(cause, CertificateNotYetValidException.class) != null) {
      return "its certificate is not valid yet: " + words;
    }
    if (find(cause, UnknownHostException.class) != null) {
      return "its name cannot be resolved: " + words;
    }
    return find(cause, SSLException.class) != null ? "TLS: " + words : words;
  }

  /** What to do about it. */
  static String advice(Throwable cause) {
    if (find(cause, CertificateExpiredException.class) != null) {
      return "renew the certificate of the snapshot-metadata sidecar";
    }
    if (find(cause, UnknownHostException.class) != null) {
      return "the address is a name inside the cluster: run this in a pod, or name a tunnel"
          + " (kubectl port-forward) as the endpoint";
    }
    if (find(cause, SSLException.class) != null) {
      return "the certificate of the sidecar must be of the authority in spec.caCert of the"
          + " SnapshotMetadataService, and name the host in spec.address";
    }
    if (find(cause, ConnectException.class) != null) {
      return "is the sidecar running? kubectl get pods, for the driver's controller";
    }
    return "look at the log of the snapshot-metadata sidecar";
  }

  /** Whether certificates or protocols did not agree. */
  static boolean isTls(Throwable cause) {
    return find(cause, SSLException.class) != null;
  }

  private static Throwable root(Throwable cause) {
    Throwable at = cause;
    for (int depth = 0; depth < 20; depth++) {
      Throwable next = at.getCause();
      if (next == null) {
        return at;
      }
      at = next;
    }
    return at;
  }

  private static <T extends Throwable> @Nullable T find(Throwable cause, Class<T> kind) {
    Throwable at = cause;
    for (int depth = 0; at != null && depth < 20; depth++) {
      if (kind.isInstance(at)) {
        return kind.cast(at);
      }
      at = at.getCause();
    }
    return null;
  }
}
