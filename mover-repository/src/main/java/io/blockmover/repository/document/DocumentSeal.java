package io.blockmover.repository.document;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.blockmover.api.CorruptData;
import io.blockmover.repository.Randomness;
import io.blockmover.repository.crypto.Aead;
import io.blockmover.repository.crypto.Hkdf;
import io.blockmover.repository.crypto.KeySet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.crypto.SecretKey;

/** The envelope of documents. Thread-safe. */
final class DocumentSeal {

  static final int MAX_PLAIN_BYTES = 16 << 20;

  /** Compressed incompressible text may be a little longer than plain. */
  static final int MAX_BYTES = MAX_PLAIN_BYTES + (1 << 16);

  private static final byte[] MAGIC = "BMDOC001".getBytes(StandardCharsets.US_ASCII);
  private static final int SALT_BYTES = 32;
  private static final int HEADER_BYTES = 8 + 4 + SALT_BYTES;
  private static final int ZSTD_FROM_BYTES = 256;
  private static final int ZSTD_LEVEL = 3;
  private static final byte STORED = 0;
  private static final byte ZSTD = 1;
  private static final String KEY_USE = "blockmover/1 document";

  private final KeySet keys;
  private final Randomness random;

  DocumentSeal(KeySet keys, Randomness random) {
    this.keys = keys;
    this.random = random;
  }

  byte[] seal(String key, byte[] plain) {
    if (plain.length > MAX_PLAIN_BYTES) {
      throw new IllegalArgumentException(key + " would have " + plain.length + " bytes");
    }
    boolean compressed = plain.length >= ZSTD_FROM_BYTES;
    byte[] content = compressed ? Zstd.compress(plain, ZSTD_LEVEL) : plain;
    byte[] salt = random.bytes(SALT_BYTES);
    byte[] header =
        ByteBuffer.allocate(HEADER_BYTES)
            .put(MAGIC)
            .put(compressed ? ZSTD : STORED)
            .put(new byte[3])
            .put(salt)
            .array();
    byte[] sealed = new Aead().seal(documentKey(salt), nonce(), associated(header, key), content);
    return ByteBuffer.allocate(HEADER_BYTES + sealed.length).put(header).put(sealed).array();
  }

  byte[] open(String key, byte[] document) throws CorruptData {
    if (document.length < HEADER_BYTES + Aead.TAG_BYTES
        || !Arrays.equals(document, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new CorruptData(key, "a document", document.length + " other bytes");
    }
    byte[] header = Arrays.copyOf(document, HEADER_BYTES);
    byte[] salt = Arrays.copyOfRange(header, 12, HEADER_BYTES);
    ByteBuffer sealed = ByteBuffer.wrap(document, HEADER_BYTES, document.length - HEADER_BYTES);
    ByteBuffer out = ByteBuffer.allocate(sealed.remaining() - Aead.TAG_BYTES);
    if (!new Aead().open(documentKey(salt), nonce(), associated(header, key), sealed, out)) {
      throw new CorruptData(key, "a document of this name and repository", "a wrong tag");
    }
    return decompress(key, header[8], out.array());
  }

  private static byte[] decompress(String key, byte codec, byte[] content) throws CorruptData {
    if (codec == STORED) {
      return content;
    }
    long size = codec == ZSTD ? Zstd.getFrameContentSize(content) : -1;
    if (size < 0 || size > MAX_PLAIN_BYTES) {
      throw new CorruptData(key, "a known codec and size", "codec " + codec + ", size " + size);
    }
    try {
      return Zstd.decompress(content, (int) size);
    } catch (ZstdException e) {
      throw new CorruptData(key, "a zstd frame", String.valueOf(e.getMessage()), e);
    }
  }

  private SecretKey documentKey(byte[] salt) {
    return Aead.key(Hkdf.derive(keys.metadataKey(), salt, KEY_USE));
  }

  private static byte[] nonce() {
    return new byte[Aead.NONCE_BYTES];
  }

  private byte[] associated(byte[] header, String key) {
    byte[] name = key.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(keys.lineage().length + header.length + name.length)
        .put(keys.lineage())
        .put(header)
        .put(name)
        .array();
  }
}
