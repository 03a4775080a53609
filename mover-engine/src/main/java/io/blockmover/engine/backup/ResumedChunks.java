package io.blockmover.engine.backup;

import io.blockmover.api.MoverException;
import io.blockmover.repository.pack.ChunkId;
import io.blockmover.repository.pack.ChunkLocation;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Chunks that earlier runs of this session made durable: asked before the repository, and told to
 * the index when they are used. Thread-safe.
 */
final class ResumedChunks implements Deduplication.KnownChunks {

  private final SessionChunks chunks;
  private final String session;
  private final Deduplication.KnownChunks repository;
  private final Deduplication.Stored stored;
  private final boolean immutable;
  private final AtomicLong resumedBytes = new AtomicLong();

  /**
   * @param capacity how many are remembered
   * @param stored hears of each one that the backup refers to
   * @param immutable whether all that is added is used, or only what is found
   */
  ResumedChunks(
      String session,
      int capacity,
      Deduplication.KnownChunks repository,
      Deduplication.Stored stored,
      boolean immutable) {
    this.session = session;
    this.chunks = new SessionChunks(capacity);
    this.repository = repository;
    this.stored = stored;
    this.immutable = immutable;
  }

  /** Hears of a chunk in the journal; those that other sessions stored are in the index. */
  void add(ChunkLocation chunk) throws MoverException {
    boolean own = chunk.pack().session().equals(session);
    if (own && chunks.find(chunk.idHigh(), chunk.idLow(), chunk.plainLength()) == null) {
      chunks.add(chunk);
      if (immutable) {
        use(chunk);
      }
    }
  }

  @Override
  public @Nullable ChunkLocation find(ChunkId id, int plainLength) throws MoverException {
    ChunkLocation found = chunks.find(id, plainLength);
    if (found == null) {
      return repository.find(id, plainLength);
    }
    if (!immutable) {
      use(found);
    }
    return found;
  }

  private void use(ChunkLocation chunk) throws MoverException {
    resumedBytes.addAndGet(chunk.plainLength());
    stored.accept(chunk);
  }

  /** Bytes of chunks that are not sent again. */
  long resumedBytes() {
    return resumedBytes.get();
  }
}
