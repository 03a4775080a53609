package io.blockmover.repository.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM with 96-bit nonces and 128-bit tags. One instance belongs to one thread.
 *
 * <p>Bulk data must come in direct buffers: the JDK encrypts heap arrays at 70 MB/s until its
 * caller is compiled, which a short-lived process may never see (measured on JDK 17 and 25).
 */
public final class Aead {

  /** What sealing adds to the length. */
  public static final int TAG_BYTES = 16;

  public static final int NONCE_BYTES = 12;

  private final Cipher cipher;

  public Aead() {
    try {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no AES-GCM", e);
    }
  }

  /** The key as the JDK wants it; make it once per pack. */
  public static SecretKey key(byte[] bytes) {
    return new SecretKeySpec(bytes, "AES");
  }

  /**
   * Encrypts {@code plain} (position to limit, consumed) into {@code out} at its position, followed
   * by the tag. The two must not overlap.
   */
  public void seal(
      SecretKey key, byte[] nonce, byte[] associated, ByteBuffer plain, ByteBuffer out) {
    try {
      cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
      cipher.updateAAD(associated);
      cipher.doFinal(plain, out);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("sealing failed", e);
    }
  }

  /**
   * Decrypts and authenticates.
   *
   * @return whether the tag was right; if not, what {@code out} holds must not be used
   */
  public boolean open(
      SecretKey key, byte[] nonce, byte[] associated, ByteBuffer sealed, ByteBuffer out) {
    try {
      cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
      cipher.updateAAD(associated);
      cipher.doFinal(sealed, out);
      return true;
    } catch (AEADBadTagException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("opening failed", e);
    }
  }

  /** {@link #seal} for small things. */
  public byte[] seal(SecretKey key, byte[] nonce, byte[] associated, byte[] plain) {
    ByteBuffer out = ByteBuffer.allocate(plain.length + TAG_BYTES);
    seal(key, nonce, associated, ByteBuffer.wrap(plain), out);
    return out.array();
  }
}
