package io.blockmover.engine.backup;

import io.blockmover.api.Cancelled;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.repository.fingerprint.FingerprintLeaf;
import io.blockmover.repository.journal.JournalRecord;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.pack.PackReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The journal of a session: first what an interrupted run left in it, then what this run adds.
 *
 * <p>What a live source held then says nothing of now, and what was found by a list that turned out
 * wrong may lack anything: of such a journal only the chunks are used.
 */
final class UploadJournal implements Journal {

  private final @Nullable ResumedWork left;
  private final ResumedChunks chunks;
  private final boolean believed;
  private final String method;
  private final BiFunction<Integer, Long, JournalWriter> writers;
  private @Nullable JournalWriter writer;

  /**
   * @param left null if nothing was
   * @param method the list that this run believes; what was left out by another one then, it cannot
   *     test
   * @param believed whether more than chunks can be used
   * @param writers make a writer that goes on after so many records that end at an offset
   */
  UploadJournal(
      @Nullable ResumedWork left,
      ResumedChunks chunks,
      boolean believed,
      String method,
      BiFunction<Integer, Long, JournalWriter> writers) {
    this.left = left;
    this.chunks = chunks;
    this.believed = believed;
    this.method = method;
    this.writers = writers;
  }

  @Override
  public long resume(BackupLayers layers) throws MoverException {
    if (left == null) {
      writer = writers.apply(0, 0L);
      return 0;
    }
    boolean counts = believed;
    long done = 0;
    for (JournalRecord record = left.next(); record != null; record = left.next()) {
      for (MapEntry entry : record.entries()) {
        if (entry instanceof MapEntry.Data data) {
          chunks.add(data.location());
        }
      }
      counts = counts && (record.method().isEmpty() || record.method().equals(method));
      if (counts) {
        replay(record, layers);
        done = record.to();
      }
    }
    writer = writers.apply(left.records(), left.restartsAtAnyTime() ? 0 : left.to());
    return done;
  }

  /** The journal of one more pass over the same volume, after a list was found wrong. */
  Journal ofAnotherPass() {
    return new Journal() {
      @Override
      public long resume(BackupLayers layers) {
        finish();
        writer = writers.apply(records(), 0L);
        return 0;
      }

      @Override
      public void accept(CellResult result) throws MoverException {
        UploadJournal.this.accept(result);
      }
    };
  }

  private int records() {
    return writer == null ? 0 : writer.records();
  }

  private static void replay(JournalRecord record, BackupLayers layers) throws MoverException {
    List<CellResult.Run> runs = new ArrayList<>();
    long changed = 0;
    for (MapEntry entry : record.entries()) {
      Extent extent = new Extent(entry.offset(), entry.length());
      runs.add(
          new CellResult.Run(extent, entry instanceof MapEntry.Data data ? data.location() : null));
      changed += entry.length();
    }
    FingerprintLeaf rows = record.fingerprints();
    List<CellResult.Piece> pieces = new ArrayList<>();
    for (int row = 0; row < rows.count(); row++) {
      byte[] fingerprint = new byte[FingerprintLeaf.FINGERPRINT_BYTES];
      rows.copyFingerprint(row, fingerprint);
      pieces.add(new CellResult.Piece(rows.start(row), rows.state(row), fingerprint));
    }
    layers.accept(
        new CellResult(
            Extent.between(record.from(), record.to()),
            runs,
            pieces,
            changed,
            List.of(),
            List.of()));
    for (PackReference pack : record.packs()) {
      if (pack.sizeBytes() > 0) {
        layers.size(pack);
      }
    }
  }

  @Override
  public void accept(CellResult result) throws MoverException {
    if (writer != null) {
      writer.accept(result);
    }
  }

  /** Writes down what is durable by now. */
  void finish() {
    if (writer != null) {
      writer.finish();
    }
  }

  /** Whether a later run can continue from something. */
  boolean holdsAnything() {
    return writer == null ? left != null : writer.records() > 0;
  }

  /**
   * The same, with what the next run will find.
   *
   * @param sound whether every list that was followed is believed
   */
  Cancelled describe(Cancelled cancelled, long volumeBytes, boolean sound) {
    if (writer == null || writer.records() == 0) {
      return cancelled;
    }
    String durable = writer.to() + " of " + volumeBytes + " bytes of the volume are in the store";
    return new Cancelled(
        cancelled.getMessage() + "; " + durable,
        believed && sound
            ? "run the same command again: it continues there"
            : "run the same command again: it reads all, and sends only what is not there yet",
        cancelled);
  }

  /** Bytes of packs that earlier runs of the session stored. */
  long resumedPackBytes() {
    return left == null ? 0 : left.packBytes();
  }

  /** Bytes of chunks that an earlier run stored and this one did not send again. */
  long resumedBytes() {
    return chunks.resumedBytes();
  }
}
