package io.blockmover.engine.verify;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.engine.fetch.ChunkUse;
import io.blockmover.engine.fetch.Fetch;
import io.blockmover.engine.fetch.FetchJob;
import io.blockmover.engine.fetch.FetchPlan;
import io.blockmover.engine.fetch.FetchTeam;
import io.blockmover.engine.fetch.Worker;
import io.blockmover.engine.progress.Progress;
import io.blockmover.engine.verify.VerifyRequest.Level;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.DataPackTable;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackNumbers;
import io.blockmover.repository.pack.PackReference;
import java.util.List;
import java.util.Map;

/** Checks data packs, each once however many backups need it. */
final class DataCheck {

  private final ObjectStore store;
  private final Level level;
  private final Tables tables;
  private final FetchTeam workers;
  private final int maxFetchBytes;
  private final DamagedData damaged;
  private final VerifyTally tally;
  private final Progress progress;

  /** Packs that were checked, with their sizes; 0 if missing. */
  private final PackNumbers checked = new PackNumbers();

  private long totalBytes;

  DataCheck(
      ObjectStore store,
      Level level,
      Tables tables,
      FetchTeam workers,
      int maxFetchBytes,
      DamagedData damaged,
      VerifyTally tally,
      Progress progress) {
    this.store = store;
    this.level = level;
    this.tables = tables;
    this.workers = workers;
    this.maxFetchBytes = maxFetchBytes;
    this.damaged = damaged;
    this.tally = tally;
    this.progress = progress;
  }

  boolean isChecked(PackName pack) {
    return checked.has(pack);
  }

  /** A pack that was checked, with the size that it has. */
  PackReference reference(PackName pack) {
    return new PackReference(pack, checked.of(pack).orElse(0));
  }

  /**
   * Checks packs that were not yet; returns when all are.
   *
   * @param packs with their sizes; 0 if that is not known
   */
  void check(List<PackReference> packs) throws MoverException {
    List<PackReference> unchecked = packs.stream().filter(p -> !isChecked(p.name())).toList();
    Map<String, Long> sizes =
        new Existence(store).sizes("d/", unchecked.stream().map(DataCheck::key).toList());
    for (PackReference pack : unchecked) {
      tally.objects.increment();
      long size = sizes.getOrDefault(key(pack), 0L);
      checked.put(pack.name(), size);
      totalBytes += size;
      if (!sizes.containsKey(key(pack))) {
        damaged.pack(pack.name(), "is missing", 0);
      } else if (pack.sizeBytes() != 0 && size != pack.sizeBytes()) {
        damaged.pack(pack.name(), "has " + size + " bytes, not " + pack.sizeBytes(), size);
      }
    }
    progress.total(totalBytes);
    for (PackReference pack : unchecked) {
      if (damaged.of(pack.name()).isEmpty() && level != Level.EXISTENCE) {
        workers.submit(worker -> check(worker, reference(pack.name())));
      } else {
        progress.done(checked.of(pack.name()).orElse(0));
      }
    }
    workers.await();
  }

  private static String key(PackReference pack) {
    return PackKind.DATA.keyOf(pack.name());
  }

  private void check(Worker worker, PackReference pack) throws MoverException {
    worker.requireGoingOn();
    DataPackTable table;
    try {
      table = tables.of(pack);
    } catch (CorruptData e) {
      damaged.pack(pack.name(), String.valueOf(e.getMessage()), pack.sizeBytes());
      return;
    } catch (ObjectNotFound e) {
      damaged.pack(pack.name(), "is missing", 0);
      return;
    }
    if (level != Level.TABLES) {
      FetchPlan plan = new FetchPlan(maxFetchBytes);
      for (int slot = 0; slot < table.size(); slot++) {
        ChunkLocation chunk = table.location(slot);
        plan.add(chunk, new ChunkUse(chunk.offset(), chunk.plainLength(), 0));
      }
      for (Fetch fetch : plan.finish()) {
        job(fetch).run(worker);
        tally.readBytes.add(fetch.length());
      }
    }
    progress.done(pack.sizeBytes());
  }

  /** Reads chunks and takes note of those that are damaged. */
  FetchJob job(Fetch fetch) {
    return new FetchJob(
        store,
        fetch,
        new IdCheck(tally),
        (chunk, why) -> damaged.chunk(chunk.location(), String.valueOf(why.getMessage())),
        progress);
  }
}
