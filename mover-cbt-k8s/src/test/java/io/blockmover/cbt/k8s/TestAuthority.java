package io.blockmover.cbt.k8s;

import java.io.StringWriter;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority of a test. */
public final class TestAuthority {

  private static final AtomicLong SERIAL = new AtomicLong(1);

  private final X500Name name = new X500Name("CN=authority " + SERIAL.get());
  private final KeyPair keys = newKeys();
  private final String pem;

  public TestAuthority() throws Exception {
    JcaX509v3CertificateBuilder builder =
        builder(name, keys, Duration.ofDays(-1), Duration.ofDays(1));
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    pem = text(sign(builder));
  }

  /** Its own certificate. */
  public String pem() {
    return pem;
  }

  /** For hosts or addresses; good for a day. */
  public ServerCertificate issue(String... hosts) throws Exception {
    return issue(Duration.ofDays(-1), Duration.ofDays(1), hosts);
  }

  /** Good from and until moments relative to now. */
  ServerCertificate issue(Duration from, Duration until, String... hosts) throws Exception {
    KeyPair leaf = newKeys();
    JcaX509v3CertificateBuilder builder = builder(new X500Name("CN=sidecar"), leaf, from, until);
    List<GeneralName> names = new ArrayList<>();
    for (String host : hosts) {
      boolean address = host.matches("[0-9.]+|.*:.*");
      names.add(new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host));
    }
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(names.toArray(GeneralName[]::new)));
    return new ServerCertificate(
        text(sign(builder)), text(new JcaPKCS8Generator(leaf.getPrivate(), null)));
  }

  private JcaX509v3CertificateBuilder builder(
      X500Name subject, KeyPair subjectKeys, Duration from, Duration until) {
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        name,
        BigInteger.valueOf(SERIAL.incrementAndGet()),
        Date.from(now.plus(from)),
        Date.from(now.plus(until)),
        subject,
        subjectKeys.getPublic());
  }

  private X509CertificateHolder sign(JcaX509v3CertificateBuilder builder) throws Exception {
    return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
  }

  private static KeyPair newKeys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private static String text(Object object) throws Exception {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }

  /** PEM of a server's certificate and of its key. */
  public record ServerCertificate(String certificate, String key) {}
}
