package io.blockmover.store.s3;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
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
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Java's own certificate authorities and those of a PEM file or text.
 *
 * @param own those beside Java's
 */
record TrustedAuthorities(List<Certificate> own) {

  TrustedAuthorities {
    own = List.copyOf(own);
  }

  /**
   * Reads a file at once: the HTTP clients would notice only at the first request.
   *
   * @throws IllegalArgumentException if it holds no certificates, for the user
   */
  static TrustedAuthorities ofFile(Path pemFile) {
    try (InputStream in = Files.newInputStream(pemFile)) {
      return new TrustedAuthorities(read(in));
    } catch (IOException | GeneralSecurityException e) {
      throw unusable("--s3-ca-file " + pemFile, e);
    }
  }

  /** The same, of a text. */
  static TrustedAuthorities ofText(String pem) {
    try {
      return new TrustedAuthorities(read(new ByteArrayInputStream(pem.getBytes(US_ASCII))));
    } catch (IOException | GeneralSecurityException e) {
      throw unusable("MOVER_S3_CA_PEM", e);
    }
  }

  TrustManager[] managers() {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (Certificate certificate : own) {
        store.setCertificateEntry("own-" + count++, certificate);
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
      throw unusable("the store's certificate authorities", e);
    }
  }

  private static IllegalArgumentException unusable(String what, Exception cause) {
    String reason =
        cause instanceof NoSuchFileException ? "there is no such file" : cause.getMessage();
    return new IllegalArgumentException(what + " cannot be used: " + reason, cause);
  }

  private static List<Certificate> read(InputStream in)
      throws IOException, GeneralSecurityException {
    Collection<? extends Certificate> certificates =
        CertificateFactory.getInstance("X.509").generateCertificates(in);
    if (certificates.isEmpty()) {
      throw new IOException("it holds no certificate in PEM form");
    }
    return List.copyOf(certificates);
  }

  private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}
