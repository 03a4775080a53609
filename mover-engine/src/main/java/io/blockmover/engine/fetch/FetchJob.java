package io.blockmover.engine.fetch;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.engine.progress.Progress;
import java.nio.ByteBuffer;

/** Reads one range of a pack and hands its chunks on. */
public final class FetchJob implements Job {

  private final ObjectStore store;
  private final Fetch fetch;
  private final ChunkConsumer consumer;
  private final Losses losses;
  private final Progress progress;

  public FetchJob(
      ObjectStore store, Fetch fetch, ChunkConsumer consumer, Losses losses, Progress progress) {
    this.store = store;
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
      for (WantedChunk chunk : part.chunks()) {
        losses.lost(chunk, e);
      }
      return;
    }
    progress.read(part.length());
    for (WantedChunk chunk : part.chunks()) {
      worker.requireGoingOn();
      int at = chunk.location().offset() - part.from();
      int length = chunk.location().endOffset() - chunk.location().offset();
      try {
        consumer.accept(worker, chunk, stored.slice(at, length));
      } catch (CorruptData e) {
        losses.lost(chunk, e);
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
