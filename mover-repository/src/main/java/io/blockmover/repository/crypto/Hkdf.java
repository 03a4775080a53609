package io.blockmover.repository.crypto;

import java.nio.charset.StandardCharsets;

/** HKDF-SHA-256 (RFC 5869) with an output of one block, 32 bytes. */
public final class Hkdf {

  private static final byte[] NO_SALT = new byte[32];

  private Hkdf() {}

  /**
   * Derives 32 bytes.
   *
   * @param salt any length; empty means 32 zero bytes, as in the RFC
   * @param info what the key is for
   */
  public static byte[] derive(byte[] inputKey, byte[] salt, String info) {
    byte[] pseudoRandomKey = Hmac.sha256(salt.length == 0 ? NO_SALT : salt, inputKey);
    return Hmac.sha256(
        pseudoRandomKey, info.getBytes(StandardCharsets.UTF_8), new byte[] {(byte) 1});
  }
}
