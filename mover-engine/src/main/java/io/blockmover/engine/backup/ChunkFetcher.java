package io.blockmover.engine.backup;

import io.blockmover.api.CorruptData;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.repository.Repository;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.ChunkReader;
import io.blockmover.repository.pack.DataKeys;
import io.blockmover.repository.pack.PackKind;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fetches stored chunks one by one and compares. Remembers the last two: between the pieces of a
 * cell that was written over here and there, the large chunk below comes again and again. For one
 * thread at a time.
 */
final class ChunkFetcher implements AutoCloseable {

  /** More than the header and the tag of a record take. */
  private static final int RECORD_EXTRA_BYTES = 64 << 10;

  private final Repository repository;
  private final DataKeys keys;
  private final int chunkBytes;
  private final PassTally tally;
  private @Nullable ChunkReader reader;
  private ByteBuffer record = ByteBuffer.allocateDirect(0);
  private Held recent = new Held(null, ByteBuffer.allocateDirect(0));
  private Held older = new Held(null, ByteBuffer.allocateDirect(0));

  /** A chunk in memory; none before the first. */
  private record Held(@Nullable ChunkLocation chunk, ByteBuffer bytes) {}

  ChunkFetcher(Repository repository, DataKeys keys, int chunkBytes, PassTally tally) {
    this.repository = repository;
    this.keys = keys;
    this.chunkBytes = chunkBytes;
    this.tally = tally;
  }

  boolean same(List<MapEntry> entries, Extent extent, MemorySegment memory, long memoryOffset)
      throws MoverException {
    long position = extent.offset();
    for (MapEntry entry : entries) {
      long from = Math.max(position, entry.offset());
      long to = Math.min(extent.end(), entry.end());
      if (from >= to) {
        continue;
      }
      if (!Zeros.only(memory, position - memoryOffset, from - position)) {
        return false;
      }
      boolean same =
          switch (entry.part(from, to)) {
            case MapEntry.Zero _ -> Zeros.only(memory, from - memoryOffset, to - from);
            case MapEntry.Data data -> sameAs(data, memory, from - memoryOffset);
          };
      if (!same) {
        return false;
      }
      position = to;
    }
    return Zeros.only(memory, position - memoryOffset, extent.end() - position);
  }

  private boolean sameAs(MapEntry.Data data, MemorySegment memory, long at) throws MoverException {
    MemorySegment chunk = MemorySegment.ofBuffer(fetch(data.location()));
    long within = data.within();
    return MemorySegment.mismatch(
            memory, at, at + data.length(), chunk, within, within + data.length())
        < 0;
  }

  private ByteBuffer fetch(ChunkLocation chunk) throws MoverException {
    if (!chunk.equals(recent.chunk())) {
      Held next = chunk.equals(older.chunk()) ? older : load(chunk, older.bytes());
      older = recent;
      recent = next;
    }
    return recent.bytes().slice(0, chunk.plainLength());
  }

  private Held load(ChunkLocation chunk, ByteBuffer room) throws MoverException {
    int stored = chunk.endOffset() - chunk.offset();
    String key = PackKind.DATA.keyOf(chunk.pack());
    if (chunk.plainLength() > chunkBytes || stored < 1 || stored > capacity()) {
      throw new CorruptData(
          key, "a chunk of at most " + chunkBytes + " bytes", chunk.plainLength() + " bytes");
    }
    older = new Held(null, room); // what is in it is about to be overwritten
    ByteBuffer bytes = room.capacity() == 0 ? ByteBuffer.allocateDirect(chunkBytes) : room.clear();
    if (record.capacity() == 0) {
      record = ByteBuffer.allocateDirect(capacity());
    }
    record.clear().limit(stored);
    repository.store().read(key, chunk.offset(), record);
    tally.fetchedBytes.add(stored);
    if (reader == null) {
      reader = new ChunkReader(keys, repository.keys());
    }
    reader.open(chunk, record.flip(), bytes);
    return new Held(chunk, bytes);
  }

  private int capacity() {
    return chunkBytes + RECORD_EXTRA_BYTES;
  }

  @Override
  public void close() {
    if (reader != null) {
      reader.close();
    }
  }
}
