package io.blockmover.engine.backup;

import io.blockmover.api.MoverException;
import io.blockmover.repository.index.IndexSegmentWriter;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackNames;
import io.blockmover.repository.pack.PackReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells the repository's index what this session stored, so that others can refer to it; only what
 * is durable, for somebody may refer to it at once. Thread-safe.
 */
final class SessionIndex {

  private final MetadataStore store;
  private final PackNames names;
  private final long asOf;
  private final DurablePacks durable;
  private final Map<PackName, List<ChunkLocation>> waiting = new HashMap<>();
  private final List<PackReference> segments = new ArrayList<>();
  private @Nullable IndexSegmentWriter writer;

  /**
   * @param asOf GC epoch that the session began in
   */
  SessionIndex(MetadataStore store, PackNames names, long asOf, DurablePacks durable) {
    this.store = store;
    this.names = names;
    this.asOf = asOf;
    this.durable = durable;
  }

  /** A chunk was given a place in a pack. */
  synchronized void stored(ChunkLocation chunk) throws MoverException {
    waiting.computeIfAbsent(chunk.pack(), pack -> new ArrayList<>()).add(chunk);
    if (waiting.size() > 1) {
      moveDurable();
    }
  }

  private void moveDurable() throws MoverException {
    List<PackName> ready = waiting.keySet().stream().filter(durable::contains).toList();
    for (PackName pack : ready) {
      for (ChunkLocation chunk : waiting.getOrDefault(pack, List.of())) {
        add(chunk);
      }
      waiting.remove(pack);
    }
  }

  private void add(ChunkLocation chunk) throws MoverException {
    if (writer == null) {
      writer = new IndexSegmentWriter();
    }
    writer.add(chunk);
    if (writer.isFull()) {
      put(writer);
    }
  }

  private void put(IndexSegmentWriter full) throws MoverException {
    segments.add(full.finish(store, names.next(), 0, asOf));
    writer = null;
  }

  /** Puts what is left; all packs must be durable. */
  synchronized List<PackReference> finish() throws MoverException {
    moveDurable();
    if (!waiting.isEmpty()) {
      throw new IllegalStateException(waiting.size() + " packs are not durable");
    }
    if (writer != null && !writer.isEmpty()) {
      put(writer);
    }
    return List.copyOf(segments);
  }
}
