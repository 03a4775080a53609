package io.blockmover.kubernetes.check;

import io.blockmover.testkit.SelfSignedCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Shakes hands with whoever comes, with a certificate that signed itself. */
final class TlsServer implements AutoCloseable {

  private final SSLServerSocket socket;
  private final byte[] pem;

  /**
   * @param start of the certificate's life, as keytool takes it: {@code -10d}
   * @param days of its life
   * @param name that it is for: {@code ip:127.0.0.1}
   */
  TlsServer(Path directory, String start, int days, String name) throws Exception {
    SelfSignedCertificate certificate =
        SelfSignedCertificate.make(
            Files.createTempDirectory(directory, "tls"),
            "EC",
            "-ext",
            "san=" + name,
            "-startdate",
            start,
            "-validity",
            String.valueOf(days));
    pem = Files.readAllBytes(certificate.certificate());
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(certificate.store(), SelfSignedCertificate.PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    socket = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0);
    Thread.ofPlatform().daemon().start(this::serve);
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (SSLSocket client = (SSLSocket) socket.accept()) {
        client.startHandshake();
      } catch (IOException e) {
        // The client did not like the certificate, or the test is over.
      }
    }
  }

  int port() {
    return socket.getLocalPort();
  }

  /** What goes into spec.caCert. */
  String authority() {
    return Base64.getEncoder().encodeToString(pem);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
