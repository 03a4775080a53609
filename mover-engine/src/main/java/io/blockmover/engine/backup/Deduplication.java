package io.blockmover.engine.backup;

import io.blockmover.api.Cancelled;
import io.blockmover.api.MoverException;
import io.blockmover.repository.pack.ChunkId;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.ChunkWriter;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Stores a chunk once: looks among the chunks of this session, then in the repository's index, and
 * writes only what is in neither. Two threads that meet the same new chunk write it once.
 */
final class Deduplication {

  /** Finds chunks that other backups stored. */
  interface KnownChunks {

    /** Nothing is known. */
    KnownChunks NONE = (id, plainLength) -> null;

    /** Where a chunk is that may be referred to, or null. Thread-safe. */
    @Nullable ChunkLocation find(ChunkId id, int plainLength) throws MoverException;
  }

  /** Hears of each chunk that was written. */
  interface Stored {
    void accept(ChunkLocation chunk) throws MoverException;
  }

  private final SessionChunks session;
  private final KnownChunks repository;
  private final Stored stored;
  private final ConcurrentMap<ChunkId, CompletableFuture<ChunkLocation>> underWay =
      new ConcurrentHashMap<>();
  private final LongAdder newBytes = new LongAdder();

  Deduplication(SessionChunks session, KnownChunks repository, Stored stored) {
    this.session = session;
    this.repository = repository;
    this.stored = stored;
  }

  /**
   * Where the chunk is, or will be once its pack is durable.
   *
   * @param content a direct buffer, position to limit; not changed
   */
  ChunkLocation place(ByteBuffer content, ChunkWriter writer)
      throws MoverException, InterruptedException {
    ChunkId id = writer.id(content);
    CompletableFuture<ChunkLocation> mine = new CompletableFuture<>();
    CompletableFuture<ChunkLocation> other = underWay.putIfAbsent(id, mine);
    if (other != null) {
      return await(other);
    }
    try {
      ChunkLocation location = findOrWrite(id, content, writer);
      mine.complete(location);
      return location;
    } catch (MoverException | InterruptedException | RuntimeException | Error e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      underWay.remove(id);
    }
  }

  private ChunkLocation findOrWrite(ChunkId id, ByteBuffer content, ChunkWriter writer)
      throws MoverException, InterruptedException {
    int length = content.remaining();
    ChunkLocation location = session.find(id, length);
    if (location != null) {
      return location;
    }
    location = repository.find(id, length);
    if (location == null) {
      location = writer.write(id, content);
      newBytes.add(length);
      stored.accept(location);
    }
    session.add(location);
    return location;
  }

  private static ChunkLocation await(CompletableFuture<ChunkLocation> other)
      throws MoverException, InterruptedException {
    try {
      return other.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case MoverException failure -> throw failure;
        case InterruptedException _ ->
            throw new Cancelled("the thread that was storing this chunk was interrupted", "", e);
        case null, default ->
            throw new IllegalStateException("the thread that was storing this chunk failed", e);
      }
    }
  }

  /** Bytes of chunks that nobody had, before compression. */
  long newBytes() {
    return newBytes.sum();
  }
}
