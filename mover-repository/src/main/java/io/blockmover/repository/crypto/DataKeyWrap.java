package io.blockmover.repository.crypto;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Optional;
import javax.crypto.KeyAgreement;

/**
 * Wraps the data key of one run for the holder of an X25519 private key (repository format, section
 * 4), so that a mover can write without being able to read.
 */
public final class DataKeyWrap {

  /** Recipient's public key, ephemeral public key, sealed data key. */
  public static final int BYTES = 32 + 32 + 32 + Aead.TAG_BYTES;

  private static final byte[] NONCE = new byte[Aead.NONCE_BYTES];
  private static final String PURPOSE = "blockmover/1 data key";

  private DataKeyWrap() {}

  /**
   * Wraps a data key for {@code keys.dataPublicKey()}.
   *
   * @param sessionAndRun the first 24 bytes of the names of the run's packs
   * @return {@link #BYTES} bytes
   */
  public static byte[] wrap(
      KeySet keys, byte[] sessionAndRun, byte[] dataKey, SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("X25519");
      generator.initialize(255, random);
      KeyPair ephemeral = generator.generateKeyPair();
      byte[] ephemeralPublic = KeySet.littleEndian(((XECPublicKey) ephemeral.getPublic()).getU());
      KeyAgreement agreement = KeyAgreement.getInstance("X25519");
      agreement.init(ephemeral.getPrivate());
      agreement.doPhase(publicKey(keys.dataPublicKey()), true);
      byte[] wrappingKey =
          Hkdf.derive(
              agreement.generateSecret(), concat(ephemeralPublic, keys.dataPublicKey()), PURPOSE);
      byte[] sealed =
          new Aead()
              .seal(Aead.key(wrappingKey), NONCE, concat(keys.lineage(), sessionAndRun), dataKey);
      return concat(concat(keys.dataPublicKey(), ephemeralPublic), sealed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no X25519", e);
    }
  }

  /**
   * Opens what {@link #wrap} made.
   *
   * @return the data key; empty if it was wrapped for somebody else or is damaged
   * @throws IllegalStateException if the key set has no private key
   */
  public static Optional<byte[]> unwrap(KeySet keys, byte[] sessionAndRun, byte[] wrapped) {
    ByteBuffer in = ByteBuffer.wrap(wrapped);
    byte[] recipient = new byte[32];
    byte[] ephemeralPublic = new byte[32];
    in.get(recipient).get(ephemeralPublic);
    if (!java.util.Arrays.equals(recipient, keys.dataPublicKey())) {
      return Optional.empty();
    }
    byte[] privateKey =
        keys.dataPrivateKey()
            .orElseThrow(() -> new IllegalStateException("these keys may not read data"));
    try {
      KeyAgreement agreement = KeyAgreement.getInstance("X25519");
      agreement.init(
          KeyFactory.getInstance("X25519")
              .generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, privateKey)));
      agreement.doPhase(publicKey(ephemeralPublic), true);
      byte[] wrappingKey =
          Hkdf.derive(agreement.generateSecret(), concat(ephemeralPublic, recipient), PURPOSE);
      ByteBuffer dataKey = ByteBuffer.allocate(in.remaining() - Aead.TAG_BYTES);
      boolean authentic =
          new Aead()
              .open(
                  Aead.key(wrappingKey), NONCE, concat(keys.lineage(), sessionAndRun), in, dataKey);
      return authentic ? Optional.of(dataKey.array()) : Optional.empty();
    } catch (GeneralSecurityException e) {
      return Optional.empty(); // a public key that is no point of the curve: damage
    }
  }

  private static java.security.PublicKey publicKey(byte[] littleEndian)
      throws GeneralSecurityException {
    byte[] bigEndian = new byte[littleEndian.length];
    for (int i = 0; i < littleEndian.length; i++) {
      bigEndian[i] = littleEndian[littleEndian.length - 1 - i];
    }
    bigEndian[0] &= 0x7f;
    return KeyFactory.getInstance("X25519")
        .generatePublic(
            new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, bigEndian)));
  }

  private static byte[] concat(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }
}
