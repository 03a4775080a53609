package io.blockmover.repository.crypto;

import io.blockmover.api.AccessDenied;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.XECPrivateKey;
import java.security.interfaces.XECPublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The keys of a repository, one for each purpose (repository format, section 2). Arrays are not
 * copied: treat them as constants.
 */
public final class KeySet {

  private static final int KEY_BYTES = 32;

  private final byte[] lineage;
  private final byte[] chunkIdKey;
  private final byte[] fingerprintKey;
  private final byte[] metadataKey;
  private final byte[] dataPublicKey;
  private final Optional<byte[]> dataPrivateKey;

  /**
   * @param lineage 16 bytes that name these keys
   * @param dataPrivateKey empty for a mover that may write and not read
   * @throws IllegalArgumentException if a length is wrong
   */
  public KeySet(
      byte[] lineage,
      byte[] chunkIdKey,
      byte[] fingerprintKey,
      byte[] metadataKey,
      byte[] dataPublicKey,
      Optional<byte[]> dataPrivateKey) {
    this.lineage = ofLength(lineage, 16, "lineage");
    this.chunkIdKey = ofLength(chunkIdKey, KEY_BYTES, "chunkIdKey");
    this.fingerprintKey = ofLength(fingerprintKey, KEY_BYTES, "fingerprintKey");
    this.metadataKey = ofLength(metadataKey, KEY_BYTES, "metadataKey");
    this.dataPublicKey = ofLength(dataPublicKey, KEY_BYTES, "dataPublicKey");
    this.dataPrivateKey = dataPrivateKey;
    dataPrivateKey.ifPresent(key -> ofLength(key, KEY_BYTES, "dataPrivateKey"));
  }

  /** New random keys. */
  public static KeySet generate(byte[] lineage, SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("X25519");
      generator.initialize(255, random);
      KeyPair pair = generator.generateKeyPair();
      byte[] publicKey = littleEndian(((XECPublicKey) pair.getPublic()).getU());
      byte[] privateKey = ((XECPrivateKey) pair.getPrivate()).getScalar().orElseThrow();
      return new KeySet(
          lineage,
          random(random),
          random(random),
          random(random),
          publicKey,
          Optional.of(privateKey));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no X25519", e);
    }
  }

  static byte[] littleEndian(BigInteger number) {
    byte[] bigEndian = number.toByteArray();
    byte[] result = new byte[KEY_BYTES];
    for (int i = 0; i < bigEndian.length && i < KEY_BYTES; i++) {
      result[i] = bigEndian[bigEndian.length - 1 - i];
    }
    return result;
  }

  private static byte[] random(SecureRandom random) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return key;
  }

  private static byte[] ofLength(byte[] key, int length, String name) {
    if (key.length != length) {
      throw new IllegalArgumentException(name + " has " + key.length + " bytes, not " + length);
    }
    return key;
  }

  /** 16 bytes that name these keys. */
  public byte[] lineage() {
    return lineage;
  }

  public byte[] chunkIdKey() {
    return chunkIdKey;
  }

  public byte[] fingerprintKey() {
    return fingerprintKey;
  }

  public byte[] metadataKey() {
    return metadataKey;
  }

  public byte[] dataPublicKey() {
    return dataPublicKey;
  }

  /** Empty if these keys may write and not read. */
  public Optional<byte[]> dataPrivateKey() {
    return dataPrivateKey;
  }

  /**
   * Checks that these keys open data.
   *
   * @throws AccessDenied if they may only write
   */
  public void requireReading() throws AccessDenied {
    if (dataPrivateKey.isEmpty()) {
      throw new AccessDenied(
          "the password in use makes backups and may not read their data",
          "use a password that reads: see `mover keys list`");
    }
  }

  /** The same keys without the one that opens data. */
  public KeySet writeOnly() {
    return new KeySet(
        lineage, chunkIdKey, fingerprintKey, metadataKey, dataPublicKey, Optional.empty());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeySet that
        && Arrays.equals(lineage, that.lineage)
        && Arrays.equals(chunkIdKey, that.chunkIdKey)
        && Arrays.equals(fingerprintKey, that.fingerprintKey)
        && Arrays.equals(metadataKey, that.metadataKey)
        && Arrays.equals(dataPublicKey, that.dataPublicKey)
        && Arrays.equals(dataPrivateKey.orElse(null), that.dataPrivateKey.orElse(null));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(lineage);
  }

  /** Names the lineage, never a key. */
  @Override
  public String toString() {
    return "KeySet " + HexFormat.of().formatHex(lineage);
  }
}
