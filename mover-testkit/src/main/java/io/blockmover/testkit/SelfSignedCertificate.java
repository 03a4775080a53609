package io.blockmover.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A key with a certificate that is its own authority, made by the JDK's keytool.
 *
 * @param certificate PEM file
 * @param key PEM file, PKCS #8
 * @param store both, under {@link #ALIAS} and {@link #PASSWORD}
 */
public record SelfSignedCertificate(Path certificate, Path key, KeyStore store) {

  /** The name of the key in the store. */
  public static final String ALIAS = "server";

  /** The password of the store and of the key. */
  public static final String PASSWORD = "changeit";

  /** An EC key for 127.0.0.1, written to the directory. */
  public static SelfSignedCertificate make(Path directory)
      throws IOException, InterruptedException, GeneralSecurityException {
    return make(directory, "EC", "-ext", "san=ip:127.0.0.1");
  }

  /**
   * Writes the files to a directory without such files.
   *
   * @param algorithm such as {@code RSA}
   * @param options further ones of {@code keytool -genkeypair}
   */
  public static SelfSignedCertificate make(Path directory, String algorithm, String... options)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path file = directory.resolve("store.p12");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", ALIAS, "-keyalg", algorithm));
    command.addAll(List.of("-dname", "CN=server", "-storetype", "PKCS12"));
    command.addAll(List.of("-keystore", file.toString(), "-storepass", PASSWORD));
    command.addAll(List.of(options));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IllegalStateException("keytool: " + said);
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return new SelfSignedCertificate(
        write(
            directory.resolve("tls.crt"), "CERTIFICATE", store.getCertificate(ALIAS).getEncoded()),
        write(
            directory.resolve("tls.key"),
            "PRIVATE KEY",
            store.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()),
        store);
  }

  private static Path write(Path file, String kind, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        file, "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
  }
}
