package io.blockmover.engine.backup;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.Cancelled;
import io.blockmover.api.CorruptData;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.repository.Repository;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.pack.DataKeys;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares bytes of the volume with those that the map says are stored: where a fingerprint is not
 * known, after an exact delta. A few threads at a time fetch; memory is taken when first needed.
 * Thread-safe; close it when nobody uses it any more.
 */
final class StoredBytes implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StoredBytes.class);
  private static final int MAX_FETCHERS = 8;

  private final BlockingDeque<ChunkFetcher> free = new LinkedBlockingDeque<>();
  private final List<ChunkFetcher> all = new ArrayList<>();
  private volatile boolean readable;

  /**
   * @param chunkBytes the longest chunk
   */
  StoredBytes(Repository repository, int chunkBytes, PassTally tally) {
    readable = repository.keys().dataPrivateKey().isPresent();
    DataKeys keys = new DataKeys(repository.store(), repository.keys());
    for (int i = 0; i < MAX_FETCHERS; i++) {
      all.add(new ChunkFetcher(repository, keys, chunkBytes, tally));
    }
    free.addAll(all);
  }

  /** Whether this mover may read data; one that may only write stores again instead. */
  boolean readable() {
    return readable;
  }

  /**
   * Whether the volume holds what is stored. What cannot be read from the store is not the same:
   * storing it again is the cure.
   *
   * @param entries of the map that cover the extent, ascending; what none covers is zeros
   * @param memory the bytes of the volume from {@code memoryOffset} on
   */
  boolean same(List<MapEntry> entries, Extent extent, MemorySegment memory, long memoryOffset)
      throws MoverException, InterruptedException {
    ChunkFetcher fetcher = free.takeFirst();
    try {
      return fetcher.same(entries, extent, memory, memoryOffset);
    } catch (CorruptData | ObjectNotFound e) {
      LOG.warn("What is stored of {} is lost, so it is stored again: {}", extent, e.getMessage());
      return false;
    } catch (AccessDenied e) {
      LOG.warn("Stored data cannot be compared with, so it is stored again: {}", e.getMessage());
      readable = false;
      return false;
    } finally {
      free.addFirst(fetcher);
    }
  }

  /** As {@link #same}, for a place that is read by chance: what cannot be told counts as equal. */
  boolean sameAsFarAsKnown(
      List<MapEntry> entries, Extent extent, MemorySegment memory, long memoryOffset)
      throws MoverException, InterruptedException {
    if (!readable) {
      return true;
    }
    ChunkFetcher fetcher = free.takeFirst();
    try {
      return fetcher.same(entries, extent, memory, memoryOffset);
    } catch (Cancelled e) {
      throw e;
    } catch (MoverException e) {
      LOG.warn("What is stored of {} cannot be compared with: {}", extent, e.getMessage());
      return true;
    } finally {
      free.addFirst(fetcher);
    }
  }

  @Override
  public void close() {
    all.forEach(ChunkFetcher::close);
  }
}
