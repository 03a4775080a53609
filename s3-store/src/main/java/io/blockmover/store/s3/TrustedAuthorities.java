package io.blockmover.store.s3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Java's own certificate authorities and those of a PEM file. */
final class TrustedAuthorities {

  private TrustedAuthorities() {}

  static TrustManager[] with(Path pemFile) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (Certificate certificate : read(pemFile)) {
        store.setCertificateEntry("file-" + count++, certificate);
      }
      for (TrustManager manager : managers(null)) {
        if (manager instanceof X509TrustManager known) {
          for (X509Certificate certificate : known.getAcceptedIssuers()) {
            store.setCertificateEntry("java-" + count++, certificate);
          }
        }
      }
      return managers(store);
    } catch (IOException | GeneralSecurityException e) {
      throw unusable(pemFile, e);
    }
  }

  /**
   * Checks that the file holds certificates.
   *
   * @throws IllegalArgumentException if not, for the user
   */
  static void requireUsable(Path pemFile) {
    try {
      var _ = read(pemFile);
    } catch (IOException | GeneralSecurityException e) {
      throw unusable(pemFile, e);
    }
  }

  private static IllegalArgumentException unusable(Path pemFile, Exception cause) {
    String reason =
        cause instanceof NoSuchFileException ? "there is no such file" : cause.getMessage();
    return new IllegalArgumentException(
        "--s3-ca-file " + pemFile + " cannot be used: " + reason, cause);
  }

  private static Collection<? extends Certificate> read(Path pemFile)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(pemFile)) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        throw new IOException("it holds no certificate in PEM form");
      }
      return certificates;
    }
  }

  private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}
