package io.blockmover.repository.pack;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.repository.crypto.Aead;
import io.blockmover.repository.crypto.Hmac;
import io.blockmover.repository.crypto.KeySet;
import java.nio.ByteBuffer;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * Opens chunks from bytes of packs. What comes out is authenticated: it is the chunk of that id,
 * sealed by a holder of the keys. One for each thread that reads; close it after.
 */
public final class ChunkReader implements AutoCloseable {

  private final DataKeys dataKeys;
  private final Mac idMac;
  private final Aead aead = new Aead();
  private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
  private ByteBuffer scratch = ByteBuffer.allocateDirect(0);
  private @Nullable PackName lastPack;
  private @Nullable PackSeal lastSeal;

  public ChunkReader(DataKeys dataKeys, KeySet keys) {
    this.dataKeys = dataKeys;
    this.idMac = Hmac.sha256(keys.chunkIdKey());
  }

  /**
   * Opens one chunk.
   *
   * @param record the record's header and ciphertext, position to limit, direct for speed; not
   *     changed
   * @param out a direct buffer with room for {@code location.plainLength()} bytes; its position
   *     advances by that
   * @throws CorruptData naming the pack if these are not the bytes that were written; what is in
   *     {@code out} must not be used then
   */
  public void open(ChunkLocation location, ByteBuffer record, ByteBuffer out)
      throws MoverException {
    String key = PackKind.DATA.keyOf(location.pack());
    RecordHeader header = requireHeader(location, record.slice(), key);
    ByteBuffer sealed = record.slice(record.position() + RecordHeader.BYTES, header.storedLength());
    int length = header.storedLength() - Aead.TAG_BYTES;
    if (header.codec() == Codec.STORED.code()) {
      if (length != header.plainLength()) {
        throw damaged(key, location, header.toString());
      }
      decrypt(location, header, sealed, out, key);
    } else {
      if (scratch.capacity() < length) {
        scratch = ByteBuffer.allocateDirect(Math.max(length, 1 << 20));
      }
      ByteBuffer compressed = scratch.clear();
      decrypt(location, header, sealed, compressed, key);
      decompress(location, compressed.flip(), out, key);
    }
  }

  private RecordHeader requireHeader(ChunkLocation location, ByteBuffer record, String key)
      throws CorruptData {
    RecordHeader header =
        record.remaining() < RecordHeader.BYTES ? null : RecordHeader.read(record);
    if (header == null) {
      throw damaged(key, location, "no record");
    }
    if (header.idHigh() != location.idHigh()
        || header.idLow() != location.idLow()
        || header.plainLength() != location.plainLength()
        || header.storedLength() != location.storedLength()
        || header.storedLength() < Aead.TAG_BYTES
        || (header.codec() != Codec.STORED.code() && header.codec() != Codec.ZSTD.code())
        || record.remaining() < header.storedLength()) {
      throw damaged(key, location, header.toString());
    }
    return header;
  }

  private void decrypt(
      ChunkLocation location, RecordHeader header, ByteBuffer sealed, ByteBuffer out, String key)
      throws MoverException {
    if (lastSeal == null || !location.pack().equals(lastPack)) {
      lastSeal = dataKeys.sealOf(location.pack());
      lastPack = location.pack();
    }
    if (!lastSeal.open(aead, header, sealed, out)) {
      throw damaged(key, location, "bytes that do not authenticate");
    }
  }

  private void decompress(ChunkLocation location, ByteBuffer compressed, ByteBuffer out, String key)
      throws CorruptData {
    int length;
    try {
      length =
          zstd.decompressDirectByteBuffer(
              out,
              out.position(),
              location.plainLength(),
              compressed,
              compressed.position(),
              compressed.remaining());
    } catch (ZstdException e) {
      throw new CorruptData(key, "a zstd frame at offset " + location.offset(), "another", e);
    }
    if (length != location.plainLength()) {
      throw damaged(key, location, length + " bytes");
    }
    out.position(out.position() + length);
  }

  /**
   * Whether content really has the id of that location: what AEAD cannot tell, a chunk that was
   * broken in memory before it was sealed.
   *
   * @param content position to limit; not changed
   */
  public boolean hasId(ChunkLocation location, ByteBuffer content) {
    idMac.update(content.duplicate());
    ChunkId id = ChunkId.of(idMac.doFinal());
    return id.a() == location.idHigh() && id.b() == location.idLow();
  }

  private static CorruptData damaged(String key, ChunkLocation location, String found) {
    return new CorruptData(
        key,
        "a chunk of " + location.plainLength() + " bytes at offset " + location.offset(),
        found);
  }

  @Override
  public void close() {
    zstd.close();
  }
}
