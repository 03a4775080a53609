package io.blockmover.repository.pack;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import io.blockmover.repository.crypto.Aead;
import io.blockmover.repository.crypto.Hmac;
import io.blockmover.repository.crypto.KeySet;
import java.nio.ByteBuffer;
import javax.crypto.Mac;

/** Names, compresses and seals chunks. One for each thread that writes; close it after. */
public final class ChunkWriter implements AutoCloseable {

  private final DataPackWriter packs;
  private final Mac idMac;
  private final Aead aead = new Aead();
  private final ZstdCompressCtx zstd = new ZstdCompressCtx();
  private final ByteBuffer scratch;

  /**
   * @param level of zstd; 1 is the default of the product, negative ones are faster
   * @param maxChunkBytes the longest chunk that will be written
   */
  public ChunkWriter(KeySet keys, DataPackWriter packs, int level, int maxChunkBytes) {
    this.packs = packs;
    this.idMac = Hmac.sha256(keys.chunkIdKey());
    this.scratch = ByteBuffer.allocateDirect(maxChunkBytes);
    zstd.setLevel(level).setContentSize(true).setChecksum(false);
  }

  /**
   * The id of a chunk.
   *
   * @param content a direct buffer, position to limit; not changed
   */
  public ChunkId id(ByteBuffer content) {
    idMac.update(content.duplicate());
    return ChunkId.of(idMac.doFinal());
  }

  /**
   * Compresses where it pays (5 % or more), seals, and gives the chunk a place in a pack. Waits
   * when all pack buffers are being uploaded.
   *
   * @param content a direct buffer, position to limit; not changed
   * @return where it will be once its pack is durable
   */
  public ChunkLocation write(ChunkId id, ByteBuffer content) throws InterruptedException {
    int length = content.remaining();
    int compressed = compress(content, length);
    if (compressed > 0) {
      return packs.write(id, Codec.ZSTD, length, scratch.slice(0, compressed), aead);
    }
    return packs.write(id, Codec.STORED, length, content.duplicate(), aead);
  }

  /**
   * The compressed length in scratch, or 0 if it does not pay. zstd finds out by itself, at 6 GB/s,
   * that a chunk does not compress: a probe of our own would only cost.
   */
  private int compress(ByteBuffer content, int length) {
    int room = length - length / 20;
    try {
      return zstd.compressDirectByteBuffer(scratch, 0, room, content, content.position(), length);
    } catch (ZstdException e) {
      return 0; // does not fit into 95 %
    }
  }

  @Override
  public void close() {
    zstd.close();
  }
}
