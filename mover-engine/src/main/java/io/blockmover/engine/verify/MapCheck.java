package io.blockmover.engine.verify;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.engine.fetch.ChunkUse;
import io.blockmover.engine.fetch.Fetch;
import io.blockmover.engine.fetch.FetchPlan;
import io.blockmover.engine.fetch.FetchTeam;
import io.blockmover.engine.fetch.MapWindow;
import io.blockmover.engine.fetch.MapWindows;
import io.blockmover.engine.verify.VerifyRequest.Level;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.pack.DataPackTable;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackNumbers;
import io.blockmover.repository.pack.PackReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Walks the map of a backup: whether it agrees with the tables of the data packs and with the
 * backup's usage, and what the damage that was found costs it.
 */
final class MapCheck {

  private final VerifiedBackup backup;
  private final Level level;
  private final DataCheck dataCheck;
  private final Tables tables;
  private final FetchTeam workers;
  private final int maxFetchBytes;
  private final DamagedData damaged;
  private final Findings findings;
  private boolean whole = true;

  MapCheck(
      VerifiedBackup backup,
      Level level,
      DataCheck dataCheck,
      Tables tables,
      FetchTeam workers,
      int maxFetchBytes,
      DamagedData damaged,
      Findings findings) {
    this.backup = backup;
    this.level = level;
    this.dataCheck = dataCheck;
    this.tables = tables;
    this.workers = workers;
    this.maxFetchBytes = maxFetchBytes;
    this.damaged = damaged;
    this.findings = findings;
  }

  /** Walks; returns how many bytes the map takes from each pack. */
  PackNumbers run() throws MoverException {
    PackNumbers referenced = new PackNumbers();
    MapWindows windows =
        new MapWindows(
            backup.content().metadata(),
            backup.content().map(),
            (object, lost, why) -> {
              whole = false;
              findings.add(object, String.valueOf(why.getMessage()), backup.id(), List.of(lost));
            });
    for (MapWindow window = windows.next(); window != null; window = windows.next()) {
      Map<PackName, List<MapEntry.Data>> byPack = new LinkedHashMap<>();
      for (MapEntry.Data entry : window.data()) {
        byPack.computeIfAbsent(entry.location().pack(), pack -> new ArrayList<>()).add(entry);
        referenced.add(entry.location().pack(), entry.length());
      }
      check(byPack);
      for (MapEntry.Data entry : window.data()) {
        Optional<String> problem = damaged.problem(entry.location());
        problem.ifPresent(text -> lose(entry, text));
      }
    }
    // Chunks that only other backups use, or none: nothing is lost, but the pack is not well.
    damaged.forEachChunk(
        (pack, problem) -> {
          if (referenced.has(pack)) {
            findings.add(PackKind.DATA.keyOf(pack), problem, backup.id(), List.of());
          }
        });
    return referenced;
  }

  /** Whether all of the map could be read. */
  boolean isWhole() {
    return whole;
  }

  private void check(Map<PackName, List<MapEntry.Data>> byPack) throws MoverException {
    dataCheck.check(byPack.keySet().stream().map(name -> new PackReference(name, 0)).toList());
    for (Map.Entry<PackName, List<MapEntry.Data>> pack : byPack.entrySet()) {
      Optional<DamagedData.PackDamage> damage = damaged.of(pack.getKey());
      if (damage.isPresent()) {
        String object = PackKind.DATA.keyOf(pack.getKey());
        findings.add(object, damage.get().problem(), backup.id(), List.of());
        if (level.compareTo(Level.DATA) >= 0 && damage.get().keptBytes() > 0) {
          readWithoutTable(pack.getValue());
        }
      } else if (level != Level.EXISTENCE) {
        PackReference reference = dataCheck.reference(pack.getKey());
        workers.submit(
            worker -> {
              worker.requireGoingOn();
              compare(tables.of(reference), pack.getValue());
            });
      }
    }
    workers.await();
  }

  /** A table that is broken takes no chunk with it: the map knows where they are. */
  private void readWithoutTable(List<MapEntry.Data> entries) throws MoverException {
    FetchPlan plan = new FetchPlan(maxFetchBytes);
    for (MapEntry.Data entry : entries) {
      plan.add(
          entry.location(), new ChunkUse(entry.offset(), (int) entry.length(), entry.within()));
    }
    for (Fetch fetch : plan.finish()) {
      workers.submit(dataCheck.job(fetch));
    }
  }

  private void compare(DataPackTable table, List<MapEntry.Data> entries) {
    for (MapEntry.Data entry : entries) {
      if (!table.at(entry.location().offset()).equals(Optional.of(entry.location()))) {
        lose(
            entry,
            "has no chunk as the map of the backup says at offset " + entry.location().offset());
      }
    }
  }

  private void lose(MapEntry.Data entry, String problem) {
    findings.add(
        PackKind.DATA.keyOf(entry.location().pack()),
        problem,
        backup.id(),
        List.of(new Extent(entry.offset(), entry.length())));
  }
}
