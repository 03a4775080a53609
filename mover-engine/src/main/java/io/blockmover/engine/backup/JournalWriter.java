package io.blockmover.engine.backup;

import io.blockmover.api.Cancelled;
import io.blockmover.api.MoverException;
import io.blockmover.repository.fingerprint.FingerprintLeafWriter;
import io.blockmover.repository.journal.JournalRecord;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down from time to time which part of the volume is durable, in order and without gap. A
 * record that cannot be put ends the journal, never the backup. For one thread at a time.
 */
final class JournalWriter {

  /** Sends the pack that is being filled. */
  interface OpenPack {
    void send() throws InterruptedException;
  }

  /** Knows which list a part of the volume was looked at by; empty if all of it was compared. */
  interface Method {
    String of(long from, long to);
  }

  private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);

  /** When so many results wait, something is done about it; twice as many end the journal. */
  static final int MANY_WAITING = 4096;

  private final MetadataStore store;
  private final PackNames names;
  private final DurablePacks durable;
  private final JournalPolicy policy;
  private final boolean immutable;
  private final OpenPack open;
  private final JournalQueue queue;
  private int records;
  private long to;
  private long lastNanos;
  private long lastBytes;
  private int crowd = MANY_WAITING;
  private boolean full;
  private boolean failed;
  private final Method method;

  /**
   * @param immutable whether a later run may rely on what was read; if not, all that matters are
   *     chunks
   * @param records that the journal has already
   * @param to where they end; what lies before is not written down again
   */
  JournalWriter(
      MetadataStore store,
      PackNames names,
      DurablePacks durable,
      JournalPolicy policy,
      boolean immutable,
      OpenPack open,
      Method method,
      int records,
      long to) {
    this.store = store;
    this.names = names;
    this.durable = durable;
    this.policy = policy;
    this.immutable = immutable;
    this.open = open;
    this.method = method;
    this.queue = new JournalQueue(durable, to);
    this.records = records;
    this.to = to;
    this.lastNanos = policy.nanoTime().getAsLong();
  }

  /** Hears of the next result, and writes a record if one is due. */
  void accept(CellResult result) throws MoverException {
    if (full || failed || result.cell().end() <= to) {
      return;
    }
    if (!result.badBlocks().isEmpty()) {
      full = true; // a journal cannot say that these zeros were not read: read them again
      return;
    }
    queue.add(result);
    long nanos = policy.nanoTime().getAsLong();
    long since = nanos - lastNanos;
    if (since >= policy.interval().toNanos()) {
      lastNanos = nanos;
      long before = to;
      write();
      if (to == before && queue.size() > 0) {
        sendOpen(); // a pack that fills slowly would keep it waiting for long
      }
    } else if (since >= policy.pause().toNanos() && durable.bytes() - lastBytes >= policy.bytes()) {
      lastNanos = nanos;
      write();
    }
    if (queue.size() >= crowd) {
      relieve();
    }
  }

  /** Much waits, perhaps for a single chunk in a pack that hardly fills. */
  private void relieve() throws MoverException {
    write();
    if (queue.size() >= 2 * MANY_WAITING) {
      full = true;
      LOG.warn("Too much waits for the store: an interrupted run would continue at offset {}", to);
    } else if (queue.size() >= MANY_WAITING) {
      sendOpen();
      crowd = queue.size() + MANY_WAITING / 4;
    } else {
      crowd = MANY_WAITING;
    }
  }

  private void sendOpen() throws MoverException {
    try {
      open.send();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("interrupted while sending a pack", "", e);
    }
  }

  /** Writes down what is durable, due or not; to be called when no result will follow. */
  void finish() {
    write();
  }

  private void write() {
    if (failed) {
      return;
    }
    lastBytes = durable.bytes();
    List<CellResult> results = queue.takeDurable();
    boolean useful = immutable ? queue.reached() > to : !results.isEmpty();
    if (!useful) {
      return;
    }
    try {
      put(results);
    } catch (Cancelled e) {
      failed = true; // whoever interrupted this thread says why
    } catch (MoverException e) {
      failed = true;
      LOG.warn(
          "The journal ends here; if this run is interrupted, the next one continues at {}: {}",
          to,
          e.getMessage());
    }
  }

  private void put(List<CellResult> results) throws MoverException {
    List<MapEntry> entries = new ArrayList<>();
    FingerprintLeafWriter fingerprints = new FingerprintLeafWriter();
    Map<PackName, Long> sizes = new HashMap<>();
    for (CellResult result : results) {
      for (CellResult.Run run : result.runs()) {
        entries.add(entry(run));
        if (run.chunk() != null) {
          sizes.computeIfAbsent(run.chunk().pack(), durable::sizeOf);
        }
      }
      for (CellResult.Piece piece : result.pieces()) {
        fingerprints.add(piece.index(), piece.state(), piece.fingerprint());
      }
    }
    JournalRecord.write(
        store,
        names.next(),
        records,
        to,
        queue.reached(),
        method.of(to, queue.reached()),
        entries,
        fingerprints,
        sizes);
    records++;
    to = queue.reached();
  }

  private static MapEntry entry(CellResult.Run run) {
    ChunkLocation chunk = run.chunk();
    long offset = run.extent().offset();
    long length = run.extent().length();
    return chunk == null
        ? new MapEntry.Zero(offset, length)
        : new MapEntry.Data(offset, length, chunk, 0);
  }

  /** How many records the journal has. */
  int records() {
    return records;
  }

  /** Where they end. */
  long to() {
    return to;
  }
}
