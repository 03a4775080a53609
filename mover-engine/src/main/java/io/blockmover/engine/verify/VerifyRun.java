package io.blockmover.engine.verify;

import io.blockmover.api.CorruptData;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.source.BlockSource;
import io.blockmover.engine.fetch.FetchTeam;
import io.blockmover.engine.fetch.StoredBackup;
import io.blockmover.engine.fetch.VolumeCheck;
import io.blockmover.engine.fetch.VolumeReader;
import io.blockmover.engine.progress.Progress;
import io.blockmover.engine.verify.VerifyRequest.Level;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackNumbers;
import io.blockmover.repository.pack.PackReference;
import io.blockmover.repository.usage.UsageReader;
import io.blockmover.repository.usage.UsageRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Verifies backups that have been found and are held, one after the other. */
final class VerifyRun {

  /** Packs that are looked for at once. */
  private static final int BATCH = 64 * 1024;

  private final Level level;
  private final FetchTeam workers;
  private final int maxFetchBytes;
  private final Findings findings;
  private final Progress progress;
  private final DamagedData damaged = new DamagedData();
  private final Tables tables;
  private final MetadataCheck metadataCheck;
  private final DataCheck dataCheck;

  VerifyRun(
      StoredBackup first,
      Level level,
      FetchTeam workers,
      int maxFetchBytes,
      Findings findings,
      VerifyTally tally,
      Progress progress) {
    this.level = level;
    this.workers = workers;
    this.maxFetchBytes = maxFetchBytes;
    this.findings = findings;
    this.progress = progress;
    this.tables = new Tables(first.store(), first.dataKeys());
    this.metadataCheck =
        new MetadataCheck(first.metadata(), level != Level.EXISTENCE, findings, tally);
    this.dataCheck =
        new DataCheck(
            first.store(), level, tables, workers, maxFetchBytes, damaged, tally, progress);
  }

  void check(VerifiedBackup backup) throws MoverException {
    metadataCheck.check(backup);
    Optional<PackNumbers> usage = checkNeeded(backup);
    if (level != Level.EXISTENCE || !damaged.isEmpty()) {
      MapCheck map =
          new MapCheck(backup, level, dataCheck, tables, workers, maxFetchBytes, damaged, findings);
      PackNumbers referenced = map.run();
      if (usage.isPresent()) {
        compareUsage(backup, usage.get(), referenced, map.isWhole());
      }
    }
  }

  /** Checks the packs that usage names; returns the bytes used of each, if usage can be read. */
  private Optional<PackNumbers> checkNeeded(VerifiedBackup backup) throws MoverException {
    PackNumbers usage = new PackNumbers();
    List<PackReference> batch = new ArrayList<>();
    boolean complete = false;
    try {
      UsageReader reader = new UsageReader(backup.content().metadata(), backup.usage());
      for (UsageRow row = reader.next(); row != null; row = reader.next()) {
        usage.put(row.pack(), row.referencedBytes());
        batch.add(new PackReference(row.pack(), row.sizeBytes()));
        if (batch.size() == BATCH) {
          dataCheck.check(batch);
          batch.clear();
        }
      }
      complete = true;
    } catch (CorruptData e) {
      findings.add(e.key(), String.valueOf(e.getMessage()), backup.id(), List.of());
    } catch (ObjectNotFound e) {
      // Told by the look at metadata packs; the packs are found by the map.
    }
    dataCheck.check(batch);
    return complete ? Optional.of(usage) : Optional.empty();
  }

  /** What the map needs and usage does not name, or takes for less, could go as garbage. */
  private void compareUsage(
      VerifiedBackup backup, PackNumbers usage, PackNumbers referenced, boolean mapIsWhole) {
    Examples missing = new Examples();
    Examples wrong = new Examples();
    referenced.forEach(
        (pack, bytes) -> {
          OptionalLong counted = usage.of(pack);
          if (counted.isEmpty()) {
            missing.add(PackKind.DATA.keyOf(pack));
          } else if (counted.getAsLong() != bytes) {
            wrong.add(
                bytes + " bytes of " + PackKind.DATA.keyOf(pack) + ", not " + counted.getAsLong());
          }
        });
    usage.forEach(
        (pack, bytes) -> {
          if (!referenced.has(pack)) {
            wrong.add("nothing of " + PackKind.DATA.keyOf(pack) + ", not " + bytes);
          }
        });
    if (missing.count > 0) {
      findings.add(
          usageObject(backup),
          "does not name "
              + missing.count
              + " packs that the map needs, such as "
              + missing.first
              + ": they could be deleted as garbage; restoring the backup does not need it",
          backup.id(),
          List.of());
    }
    // A map that lost a part of itself says nothing of sums.
    if (wrong.count > 0 && mapIsWhole) {
      findings.add(
          usageObject(backup),
          "does not add up: of "
              + wrong.count
              + " packs the map needs something else, such as "
              + wrong.first
              + "; restoring the backup does not need it",
          backup.id(),
          List.of());
    }
  }

  /** However many there are, one is enough to show. */
  private static final class Examples {
    private int count;
    private String first = "";

    void add(String example) {
      if (count++ == 0) {
        first = example;
      }
    }
  }

  /** What to blame where usage is wrong: its first pack. */
  private static String usageObject(VerifiedBackup backup) {
    return backup.usage().isEmpty()
        ? "usage of backup " + backup.id()
        : PackKind.USAGE.keyOf(backup.usage().getFirst().name());
  }

  /** Compares a volume with a backup. */
  void compare(VerifiedBackup backup, BlockSource device) throws MoverException {
    long volumeBytes = backup.content().volumeBytes();
    if (device.sizeBytes() != volumeBytes) {
      findings.add(
          device.name(),
          "has " + device.sizeBytes() + " bytes, the backup " + volumeBytes,
          backup.id(),
          List.of());
    }
    VolumeReader reader =
        (offset, into) -> offset < device.sizeBytes() ? device.read(offset, into) : 0;
    VolumeCheck check = new VolumeCheck(backup.content(), reader, progress);
    check.run(workers, maxFetchBytes, (chunk, why) -> {}, (object, lost, why) -> {});
    List<Extent> different = check.different();
    if (!different.isEmpty()) {
      findings.add(device.name(), "holds something else than the backup", backup.id(), different);
    }
  }
}
