package io.blockmover.cbt.k8s.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.cbt.k8s.TestAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadedIdentityTest {

  @TempDir private Path directory;
  private Path certificate;
  private Path key;
  private TestAuthority.ServerCertificate first;
  private TestAuthority.ServerCertificate second;

  @BeforeEach
  void issue() throws Exception {
    certificate = directory.resolve("tls.crt");
    key = directory.resolve("tls.key");
    TestAuthority authority = new TestAuthority();
    first = authority.issue("a");
    second = authority.issue("a");
    write(first.certificate(), first.key());
  }

  private void write(String newCertificate, String newKey) throws Exception {
    Files.writeString(certificate, newCertificate);
    Files.writeString(key, newKey);
  }

  private static PrivateKey secret(ReloadedIdentity identity) {
    X509ExtendedKeyManager manager = identity.manager();
    return manager.getPrivateKey(manager.chooseServerAlias("EC", null, null));
  }

  @Test
  void whatWasRenewedIsTakenOver() throws Exception {
    ReloadedIdentity identity = new ReloadedIdentity(certificate, key);
    PrivateKey before = secret(identity);
    identity.reload();
    assertThat(secret(identity)).isSameAs(before);
    write(second.certificate(), second.key());
    identity.reload();
    assertThat(secret(identity)).isNotEqualTo(before);
  }

  @Test
  void twoFilesThatDoNotFitTogetherAreNotTakenOver() throws Exception {
    ReloadedIdentity identity = new ReloadedIdentity(certificate, key);
    PrivateKey before = secret(identity);
    write(first.certificate(), second.key());
    identity.reload();
    assertThat(secret(identity)).isSameAs(before);
    write("", second.key());
    identity.reload();
    assertThat(secret(identity)).isSameAs(before);
    write(second.certificate(), second.key());
    identity.reload();
    assertThat(secret(identity)).isNotEqualTo(before);
  }

  @Test
  void filesThatDoNotFitAreRefusedAtTheStart() throws Exception {
    write(first.certificate(), second.key());
    assertThatThrownBy(() -> new ReloadedIdentity(certificate, key))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageContaining("is not of that certificate");
  }
}
