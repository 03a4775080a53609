package io.blockmover.cbt.k8s.serve;

import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.CertificateUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.X509ExtendedKeyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server's certificate and key, which somebody renews in their files. Thread-safe. */
final class ReloadedIdentity {

  private static final Logger LOG = LoggerFactory.getLogger(ReloadedIdentity.class);

  private final Path certificate;
  private final Path key;
  private final AdvancedTlsX509KeyManager manager = new AdvancedTlsX509KeyManager();
  private byte[] lastCertificate = {};
  private byte[] lastKey = {};

  /**
   * Reads both.
   *
   * @throws IOException if a file cannot be read
   * @throws GeneralSecurityException if they are no certificate and its key
   */
  ReloadedIdentity(Path certificate, Path key) throws IOException, GeneralSecurityException {
    this.certificate = certificate;
    this.key = key;
    load();
  }

  /** What new connections are made with. */
  X509ExtendedKeyManager manager() {
    return manager;
  }

  /** Takes over what was renewed; keeps what it has while the two files do not fit together. */
  void reload() {
    try {
      if (load()) {
        LOG.info("Serving with the certificate that is now in {}", certificate);
      }
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      LOG.warn("Keeping the old certificate, as {} cannot be used: {}", certificate, e.toString());
    }
  }

  private synchronized boolean load() throws IOException, GeneralSecurityException {
    byte[] newCertificate = Files.readAllBytes(certificate);
    byte[] newKey = Files.readAllBytes(key);
    if (Arrays.equals(newCertificate, lastCertificate) && Arrays.equals(newKey, lastKey)) {
      return false;
    }
    X509Certificate[] chain =
        CertificateUtils.getX509Certificates(new ByteArrayInputStream(newCertificate));
    PrivateKey secret = CertificateUtils.getPrivateKey(new ByteArrayInputStream(newKey));
    if (chain.length == 0) {
      throw new GeneralSecurityException(certificate + " holds no certificate");
    }
    requirePair(secret, chain[0].getPublicKey());
    manager.updateIdentityCredentials(chain, secret);
    lastCertificate = newCertificate;
    lastKey = newKey;
    return true;
  }

  private void requirePair(PrivateKey secret, PublicKey open) throws GeneralSecurityException {
    String algorithm =
        switch (secret.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> secret.getAlgorithm();
        };
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(secret);
    signature.update((byte) 1);
    byte[] signed = signature.sign();
    signature.initVerify(open);
    signature.update((byte) 1);
    if (!signature.verify(signed)) {
      throw new GeneralSecurityException("the key in " + key + " is not of that certificate");
    }
  }
}
