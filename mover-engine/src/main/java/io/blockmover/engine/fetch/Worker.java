package io.blockmover.engine.fetch;

import io.blockmover.api.Cancelled;
import io.blockmover.api.CorruptData;
import io.blockmover.engine.device.AlignedBufferPool;
import io.blockmover.repository.fingerprint.PieceFingerprint;
import io.blockmover.repository.pack.ChunkReader;
import java.nio.ByteBuffer;

/**
 * What one thread works with. Its memory is aligned for O_DIRECT, used again by every job, and
 * takes space only as far as it is used.
 */
public final class Worker implements AutoCloseable {

  private final FetchTeam team;
  private final ChunkReader chunks;
  private final PieceFingerprint fingerprint;
  private final AlignedBufferPool stored;
  private final AlignedBufferPool plain;
  private final ByteBuffer storedBytes;
  private final ByteBuffer plainBytes;
  private final ByteBuffer otherBytes;

  Worker(
      FetchTeam team,
      ChunkReader chunks,
      PieceFingerprint fingerprint,
      int storedCapacity,
      int plainCapacity)
      throws Cancelled {
    this.team = team;
    this.chunks = chunks;
    this.fingerprint = fingerprint;
    this.stored = new AlignedBufferPool(1, storedCapacity);
    this.plain = new AlignedBufferPool(2, plainCapacity);
    this.storedBytes = stored.take();
    this.plainBytes = plain.take();
    this.otherBytes = plain.take();
  }

  /** Opens chunks. */
  public ChunkReader chunks() {
    return chunks;
  }

  /** Fingerprints pieces. */
  public PieceFingerprint fingerprint() {
    return fingerprint;
  }

  /** Room for what comes from the store or a device, empty. */
  public ByteBuffer stored() {
    return storedBytes.clear();
  }

  /** Room for chunks after decryption, empty. */
  public ByteBuffer plain() {
    return plainBytes.clear();
  }

  /** As large as {@link #plain()}: room for what chunks are compared with, empty. */
  public ByteBuffer other() {
    return otherBytes.clear();
  }

  /**
   * Asked between one chunk and the next.
   *
   * @throws Cancelled if all work is to end
   */
  public void requireGoingOn() throws Cancelled {
    team.requireGoingOn();
  }

  /**
   * Whether a chunk has room in {@link #plain()}.
   *
   * @throws CorruptData if not: no chunk of this repository is that long
   */
  public void requireRoom(WantedChunk chunk) throws CorruptData {
    int length = chunk.location().plainLength();
    if (length < 1 || length > plainBytes.capacity()) {
      throw new CorruptData(
          chunk.key(), "a chunk of at most " + plainBytes.capacity() + " bytes", length + " bytes");
    }
  }

  @Override
  public void close() {
    chunks.close();
    stored.close();
    plain.close();
  }
}
