package io.blockmover.kubernetes.check;

import io.blockmover.kubernetes.SnapshotMetadataService;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Goes to where a driver says that it answers: name, connection, certificate. Asks it nothing. */
final class EndpointProbe {

  private static final String NAME = "sidecar";
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration SOON = Duration.ofDays(14);
  private static final String WHY =
      "nobody can ask the driver what changed: volumes are read whole";

  private final Clock clock;

  EndpointProbe(Clock clock) {
    this.clock = clock;
  }

  ClusterFinding look(SnapshotMetadataService service) {
    String address = service.address();
    int colon = address.lastIndexOf(':');
    if (colon <= 0 || !address.substring(colon + 1).matches("\\d{1,5}")) {
      return broken(
          "the address '" + address + "' is not HOST:PORT",
          "kubectl edit snapshotmetadataservice " + service.driver());
    }
    String host = address.substring(0, colon).replaceAll("^\\[|]$", "");
    int port = Integer.parseInt(address.substring(colon + 1));
    InetAddress found;
    try {
      found = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      return unresolved(host);
    }
    try {
      return handshake(service, host, new InetSocketAddress(found, port));
    } catch (SSLException e) {
      String why = deepest(e);
      return broken(
          "the certificate at %s is refused: %s".formatted(address, why),
          why.contains("subject alternative") || why.contains("No name matching")
              ? renamed(service)
              : trusted(service));
    } catch (IOException e) {
      return broken(
          "nobody answers at %s: %s".formatted(address, deepest(e)),
          "kubectl get pods -A -o wide | grep csi; kubectl logs -c csi-snapshot-metadata POD");
    } catch (GeneralSecurityException e) {
      return broken(
          "the authority in spec.caCert cannot be read: " + deepest(e),
          "kubectl edit snapshotmetadataservice " + service.driver());
    }
  }

  /** The certificate is for other names: one of them has to be in the address. */
  private static String renamed(SnapshotMetadataService service) {
    String address = service.address();
    return """
        openssl s_client -connect %s </dev/null 2>/dev/null | openssl x509 -noout -ext subjectAltName
        kubectl edit snapshotmetadataservice %s"""
        .formatted(address, service.driver());
  }

  /** The authority has changed: the object has to name the new one. */
  private static String trusted(SnapshotMetadataService service) {
    return """
        kubectl get secrets -A --field-selector type=kubernetes.io/tls
        kubectl patch snapshotmetadataservice %s --type merge -p \\
          "{\\"spec\\":{\\"caCert\\":\\"$(kubectl get secret -n NAMESPACE NAME -o jsonpath='{.data.ca\\.crt}')\\"}}\""""
        .formatted(service.driver());
  }

  /** Short names of services resolve in the cluster only, where this may not be running. */
  private static ClusterFinding unresolved(String host) {
    boolean inPod = System.getenv("KUBERNETES_SERVICE_HOST") != null;
    String text = "the name " + host + " does not resolve here";
    return inPod
        ? broken(text, "kubectl -n kube-system get pods -l k8s-app=kube-dns")
        : ClusterFinding.warning(
            NAME,
            text,
            "names of services resolve in pods only: ask from a pod, or through a tunnel",
            "kubectl run -it --rm --image=IMAGE mover -- doctor --cluster");
  }

  private ClusterFinding handshake(
      SnapshotMetadataService service, String host, InetSocketAddress address)
      throws IOException, GeneralSecurityException {
    try (Socket plain = new Socket()) {
      plain.connect(address, Math.toIntExact(TIMEOUT.toMillis()));
      plain.setSoTimeout(Math.toIntExact(TIMEOUT.toMillis()));
      SSLSocket socket =
          (SSLSocket)
              trusting(service.caCertificates())
                  .getSocketFactory()
                  .createSocket(plain, host, address.getPort(), false);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return until(service, socket.getSession().getPeerCertificates()[0]);
    }
  }

  private ClusterFinding until(SnapshotMetadataService service, Certificate certificate) {
    Instant end = ((X509Certificate) certificate).getNotAfter().toInstant();
    if (!clock.instant().isBefore(end)) { // Java does not look at it where the object names it
      return broken(
          "the certificate at %s is refused: it ended on %s".formatted(service.address(), end),
          "kubectl get secrets -A --field-selector type=kubernetes.io/tls");
    }
    if (clock.instant().plus(SOON).isAfter(end)) {
      return ClusterFinding.warning(
          NAME,
          "the certificate at %s ends on %s".formatted(service.address(), end),
          "from then on " + WHY,
          "kubectl get secrets -A --field-selector type=kubernetes.io/tls");
    }
    return ClusterFinding.fine(
        NAME, "%s answers, with a certificate until %s".formatted(service.address(), end));
  }

  private static SSLContext trusting(String pem) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Certificate authority :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))) {
      store.setCertificateEntry("authority-" + number++, authority);
    }
    if (number == 0) {
      throw new GeneralSecurityException("it holds no certificate");
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static ClusterFinding broken(String text, String fix) {
    return ClusterFinding.broken(NAME, text, WHY, fix);
  }

  private static String deepest(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
