package io.blockmover.engine.fetch;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.engine.progress.Progress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one range of a pack and hands its chunks on. */
public final class FetchJob implements Job {

  private final ObjectStore store;
  private final MovedChunkFinder moved;
  private final Fetch fetch;
  private final ChunkConsumer consumer;
  private final Losses losses;
  private final Progress progress;

  /** Of a backup that stays where it is. */
  public FetchJob(
      ObjectStore store, Fetch fetch, ChunkConsumer consumer, Losses losses, Progress progress) {
    this(store, MovedChunkFinder.NONE, fetch, consumer, losses, progress);
  }

  /**
   * @param moved asked for chunks whose pack has gone
   */
  public FetchJob(
      ObjectStore store,
      MovedChunkFinder moved,
      Fetch fetch,
      ChunkConsumer consumer,
      Losses losses,
      Progress progress) {
    this.store = store;
    this.moved = moved;
    this.fetch = fetch;
    this.consumer = consumer;
    this.losses = losses;
    this.progress = progress;
  }

  @Override
  public void run(Worker worker) throws MoverException {
    run(worker, fetch);
    consumer.end(worker);
  }

  private void run(Worker worker, Fetch part) throws MoverException {
    worker.requireGoingOn();
    ByteBuffer stored = worker.stored();
    if (part.length() < 1 || part.length() > stored.capacity()) {
      missing(
          worker,
          part,
          new CorruptData(part.key(), "records of a sane length", part.length() + " bytes"));
      return;
    }
    stored.limit(part.length());
    try {
      store.read(part.key(), part.from(), stored);
    } catch (CorruptData e) {
      missing(worker, part, e);
      return;
    } catch (ObjectNotFound e) {
      gone(worker, part.chunks(), e);
      return;
    }
    progress.read(part.length());
    List<WantedChunk> gone = new ArrayList<>();
    ObjectNotFound why = null;
    for (WantedChunk chunk : part.chunks()) {
      worker.requireGoingOn();
      int at = chunk.location().offset() - part.from();
      int length = chunk.location().endOffset() - chunk.location().offset();
      try {
        consumer.accept(worker, chunk, stored.slice(at, length));
      } catch (CorruptData e) {
        losses.lost(chunk, e);
      } catch (ObjectNotFound e) {
        gone.add(chunk); // the pack went between this read and that of its header
        why = e;
      }
    }
    if (why != null) {
      gone(worker, gone, why);
    }
  }

  /** What is needed of a pack may have been stored elsewhere before the pack went. */
  private void gone(Worker worker, List<WantedChunk> chunks, ObjectNotFound why)
      throws MoverException {
    for (WantedChunk chunk : chunks) {
      Optional<WantedChunk> elsewhere = moved.find(chunk, why);
      if (elsewhere.isPresent()) {
        run(worker, Fetch.of(elsewhere.get()));
      } else {
        losses.lost(chunk, why);
      }
    }
  }

  /** Of an object that was cut short the first chunks are still there. */
  private void missing(Worker worker, Fetch part, MoverException why) throws MoverException {
    if (part.chunks().size() == 1) {
      losses.lost(part.chunks().getFirst(), why);
    } else {
      for (WantedChunk chunk : part.chunks()) {
        run(worker, Fetch.of(chunk));
      }
    }
  }
}
