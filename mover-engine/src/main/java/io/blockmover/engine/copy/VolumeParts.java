package io.blockmover.engine.copy;

import io.blockmover.api.CorruptData;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.engine.fetch.ChunkUse;
import io.blockmover.engine.fetch.Fetch;
import io.blockmover.engine.fetch.FetchPlan;
import io.blockmover.engine.fetch.StoredBackup;
import io.blockmover.engine.fetch.WantedChunk;
import io.blockmover.repository.map.MapCursor;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.pack.ChunkReader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads parts of a stored volume, from the map's entries to the bytes. For one thread at a time;
 * going forwards reads each leaf of the map once.
 */
final class VolumeParts implements AutoCloseable {

  /** Several small chunks that lie close together come with one request. */
  private static final int FETCH_BYTES = 4 << 20;

  private static final int RECORD_EXTRA_BYTES = 64 << 10;

  private final StoredBackup content;
  private final StillThere stillThere;
  private final ByteBuffer stored;
  private final ByteBuffer plain;
  private final ChunkReader chunks;
  private @Nullable MapCursor cursor;
  private long position;

  /** Asked when an object is missing. */
  interface StillThere {

    /**
     * Returns if the backup is.
     *
     * @throws io.blockmover.api.BackupNotFound if it was forgotten
     */
    void require() throws MoverException;
  }

  VolumeParts(StoredBackup content, StillThere stillThere) {
    this.content = content;
    this.stillThere = stillThere;
    this.stored =
        ByteBuffer.allocateDirect(Math.max(FETCH_BYTES, content.chunkBytes() + RECORD_EXTRA_BYTES));
    this.plain = ByteBuffer.allocateDirect(content.chunkBytes());
    this.chunks = new ChunkReader(content.dataKeys(), content.metadata().keys());
  }

  /** Up to where it has read; going back costs the map's leaves once more. */
  long position() {
    return position;
  }

  /**
   * Reads an extent.
   *
   * @param into exactly as long; filled wholly
   */
  void read(Extent extent, ByteBuffer into) throws MoverException {
    if (cursor == null || extent.offset() < position) {
      cursor = content.map().cursor(extent.offset());
    }
    zero(into);
    FetchPlan plan = new FetchPlan(stored.capacity());
    for (MapEntry entry : cursor.within(extent.offset(), extent.end())) {
      if (entry instanceof MapEntry.Data data) {
        plan.add(data.location(), new ChunkUse(data.offset(), (int) data.length(), data.within()));
      }
    }
    for (Fetch fetch : plan.finish()) {
      read(fetch, extent.offset(), into);
    }
    position = extent.end();
  }

  private static void zero(ByteBuffer into) {
    ByteBuffer all = into.duplicate().clear();
    while (all.remaining() >= Long.BYTES) {
      all.putLong(0);
    }
    while (all.hasRemaining()) {
      all.put((byte) 0);
    }
  }

  private void read(Fetch fetch, long start, ByteBuffer into) throws MoverException {
    if (fetch.length() < 1 || fetch.length() > stored.capacity()) {
      throw new CorruptData(fetch.key(), "records of a sane length", fetch.length() + " bytes");
    }
    stored.clear().limit(fetch.length());
    try {
      content.store().read(fetch.key(), fetch.from(), stored);
    } catch (ObjectNotFound e) {
      stillThere.require();
      throw new CorruptData(fetch.key(), "an object that the backup needs", "none", e);
    }
    for (WantedChunk chunk : fetch.chunks()) {
      int length = chunk.location().plainLength();
      if (length < 1 || length > plain.capacity()) {
        throw new CorruptData(
            chunk.key(), "a chunk of at most " + plain.capacity() + " bytes", length + " bytes");
      }
      int at = chunk.location().offset() - fetch.from();
      int storedLength = chunk.location().endOffset() - chunk.location().offset();
      chunks.open(chunk.location(), stored.slice(at, storedLength), plain.clear());
      for (ChunkUse use : chunk.uses()) {
        into.put((int) (use.offset() - start), plain, use.within(), use.length());
      }
    }
  }

  @Override
  public void close() {
    chunks.close();
  }
}
