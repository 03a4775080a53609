package io.blockmover.engine.backup;

import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.engine.MemoryProfile;
import io.blockmover.engine.device.AlignedBufferPool;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.repository.crypto.KeySet;
import io.blockmover.repository.fingerprint.PieceFingerprint;
import io.blockmover.repository.pack.ChunkWriter;
import io.blockmover.repository.pack.DataPackWriter;
import io.blockmover.repository.pack.PackUploader;
import java.util.Collections;

/**
 * One pass over (parts of) the volume: the workers, and what they share. When it returns, all it
 * stored is durable.
 *
 * @param memory how many workers there are
 */
record BackupPass(
    KeySet keys,
    BlockSource source,
    DataPackWriter packs,
    PackUploader uploader,
    Deduplication deduplication,
    MemoryProfile memory,
    int chunkBytes,
    int compressionLevel,
    boolean skipBadBlocks,
    StoredBytes stored,
    ListVerdict verdict,
    PassTally tally,
    Progress progress,
    Cancellation cancellation) {

  /** How far the fastest worker may get ahead of the slowest, in cells. */
  private static final int WINDOW = 1024;

  /**
   * Runs the pass.
   *
   * @param hasParent whether zeros replace something
   * @param results take what the workers find, in order
   */
  void run(CellPlanner planner, boolean hasParent, InOrder.Consumer results) throws MoverException {
    long[] words = PieceFingerprint.keyWords(keys.fingerprintKey());
    InOrder order = new InOrder(results, WINDOW);
    try (AlignedBufferPool buffers = new AlignedBufferPool(memory.workers(), chunkBytes);
        Workbenches benches = new Workbenches(computing(), () -> workbench(words))) {
      Workers.Task task = () -> work(planner, hasParent, order, benches, buffers);
      Workers.run("backup", Collections.nCopies(memory.workers(), task));
      cancellation.check();
      packs.flush();
      uploader.drain();
    } catch (MoverException e) {
      settle(e);
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new io.blockmover.api.Cancelled("the backup was interrupted", "");
    }
  }

  /** Makes durable what was stored before the pass failed, unless the store is what failed. */
  private void settle(MoverException failure) {
    try {
      uploader.requireHealthy();
      packs.flush();
      uploader.drain();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (MoverException e) {
      if (e != failure) {
        failure.addSuppressed(e);
      }
    }
  }

  /** Two for each core: one computes while the other waits for the index or for a pack. */
  private int computing() {
    return Math.min(memory.workers(), 2 * Runtime.getRuntime().availableProcessors());
  }

  private Workbenches.Workbench workbench(long[] words) {
    return new Workbenches.Workbench(
        new PieceFingerprint(keys.fingerprintKey(), words),
        new ChunkWriter(keys, packs, compressionLevel, chunkBytes));
  }

  private void work(
      CellPlanner planner,
      boolean hasParent,
      InOrder order,
      Workbenches benches,
      AlignedBufferPool buffers)
      throws MoverException, InterruptedException {
    CellWorker worker =
        new CellWorker(
            new SourceReader(source, skipBadBlocks, progress),
            deduplication,
            benches,
            hasParent,
            stored,
            verdict,
            tally,
            buffers.take());
    Cell cell = new Cell(chunkBytes);
    while (!cancellation.requested() && planner.next(cell)) { // cells that were begun are ended
      uploader.requireHealthy();
      order.deliver(cell.sequence(), worker.process(cell));
      progress.done(cell.lengthBytes());
    }
  }
}
