package io.blockmover.repository.pack;

import io.blockmover.repository.crypto.Aead;
import io.blockmover.repository.crypto.Hkdf;
import java.nio.ByteBuffer;
import javax.crypto.SecretKey;

/** The key of one pack, and what its records are bound to. Immutable. */
final class PackSeal {

  private final SecretKey key;
  private final byte[] binding;

  /**
   * @param rootKey the run's data key, or the metadata key
   */
  PackSeal(byte[] lineage, byte[] rootKey, PackKind kind, PackName name) {
    byte[] nameBytes = name.toBytes();
    key = Aead.key(Hkdf.derive(rootKey, nameBytes, "blockmover/1 pack"));
    binding =
        ByteBuffer.allocate(lineage.length + PackName.BYTES + 1)
            .put(lineage)
            .put(nameBytes)
            .put((byte) kind.code())
            .array();
  }

  void seal(Aead aead, RecordHeader header, ByteBuffer plain, ByteBuffer out) {
    aead.seal(key, header.nonce(), associated(header), plain, out);
  }

  boolean open(Aead aead, RecordHeader header, ByteBuffer sealed, ByteBuffer out) {
    return aead.open(key, header.nonce(), associated(header), sealed, out);
  }

  private byte[] associated(RecordHeader header) {
    ByteBuffer out = ByteBuffer.allocate(binding.length + RecordHeader.BYTES).put(binding);
    header.write(out);
    return out.array();
  }
}
