package io.blockmover.repository.crypto;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * Has AES-GCM and SHA-256 compiled while the process waits for a password's key and for the first
 * answers of the store. Until then they run at 70 MB/s, in every worker: without this, a backup of
 * 2 GiB took 0.3 s more CPU (docs/decisions.md).
 */
public final class CryptoWarmUp {

  private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

  /** A chunk sealed, opened and hashed faster than this was done by compiled code. */
  private static final long COMPILED_NANOS = TimeUnit.MICROSECONDS.toNanos(700);

  private static final int CHUNK_BYTES = 128 << 10;

  private CryptoWarmUp() {}

  /**
   * Starts it.
   *
   * @return its thread, which ends by itself within half a second and need not be waited for
   */
  public static Thread begin() {
    return Thread.ofPlatform().daemon().name("crypto warm-up").start(CryptoWarmUp::run);
  }

  private static void run() {
    Aead aead = new Aead();
    Mac mac = Hmac.sha256(new byte[32]);
    SecretKey key = Aead.key(new byte[32]);
    ByteBuffer plain = ByteBuffer.allocateDirect(CHUNK_BYTES);
    ByteBuffer sealed = ByteBuffer.allocateDirect(CHUNK_BYTES + Aead.TAG_BYTES);
    long start = System.nanoTime();
    long before = start;
    for (long round = 0; before - start < LONGEST_NANOS; round++) {
      byte[] nonce = ByteBuffer.allocate(Aead.NONCE_BYTES).putLong(round).array();
      aead.seal(key, nonce, nonce, plain.clear(), sealed.clear());
      aead.open(key, nonce, nonce, sealed.flip(), plain.clear());
      mac.update(plain.flip());
      mac.doFinal();
      long now = System.nanoTime();
      if (now - before < COMPILED_NANOS) {
        return;
      }
      before = now;
    }
  }
}
