package io.blockmover.engine.backup;

import io.blockmover.repository.fingerprint.PieceFingerprint;
import io.blockmover.repository.pack.ChunkWriter;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.Supplier;

/**
 * What is needed to work on a cell once it has been read: fewer than threads, so that many reads
 * are in flight while few threads compute, with the tables of hash and compressor hot in the
 * processor's cache. Who takes one gets the one used last. Thread-safe.
 */
final class Workbenches implements AutoCloseable {

  /** The tools of one thread at a time. */
  record Workbench(PieceFingerprint fingerprint, ChunkWriter writer) {}

  private final BlockingDeque<Workbench> free = new LinkedBlockingDeque<>();
  private final List<Workbench> all;

  /**
   * @param count how many threads may compute at once
   */
  Workbenches(int count, Supplier<Workbench> maker) {
    all = java.util.stream.Stream.generate(maker).limit(count).toList();
    free.addAll(all);
  }

  /** Waits for one. */
  Workbench take() throws InterruptedException {
    return free.takeFirst();
  }

  void giveBack(Workbench bench) {
    free.addFirst(bench);
  }

  /** Frees the compressors; nobody may be working any more. */
  @Override
  public void close() {
    all.forEach(bench -> bench.writer().close());
  }
}
