package io.blockmover.repository.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA-256 instances of the JDK, whose SHA-256 is an intrinsic. */
public final class Hmac {

  private Hmac() {}

  /** A new, ready instance; it belongs to one thread and is reusable after each doFinal. */
  public static Mac sha256(byte[] key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no HmacSHA256", e);
    }
  }

  /** The 32 bytes of HMAC-SHA-256 over the parts, one after the other. */
  public static byte[] sha256(byte[] key, byte[]... parts) {
    Mac mac = sha256(key);
    for (byte[] part : parts) {
      mac.update(part);
    }
    return mac.doFinal();
  }
}
