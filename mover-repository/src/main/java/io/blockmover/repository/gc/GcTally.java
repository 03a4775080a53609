package io.blockmover.repository.gc;

import io.blockmover.repository.gc.GcReport.Freed;
import io.blockmover.repository.gc.GcReport.Origin;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.repack.Repack;
import io.blockmover.repository.session.Beat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts for the report. Not thread-safe. */
final class GcTally {

  private record Whose(Origin origin, String volume) {}

  private static final class Sum {
    private long packs;
    private long bytes;

    void add(long sizeBytes) {
      packs++;
      bytes += sizeBytes;
    }
  }

  private final Map<String, Whose> sessions = new HashMap<>();
  private final Map<Whose, Sum> freed = new HashMap<>();
  private final Sum gone = new Sum();
  private Sum looked = new Sum();
  private Sum spared = new Sum();
  private int epochs;
  private int manifests;
  private int silent;
  private int segments;
  private final Set<PackName> repacked = new HashSet<>();
  private Sum worth = new Sum();
  private long worthUnused;
  private long copiedBytes;
  private int replaced;

  /** The packs are looked at once more; what has gone stays counted. */
  void beginAgain() {
    looked = new Sum();
    spared = new Sum();
    worth = new Sum();
    worthUnused = 0;
  }

  /** So much more should be stored anew. */
  void worthRepacking(PackUse.Choice choice) {
    worth.packs += choice.chosen().size();
    worth.bytes += choice.bytes();
    worthUnused += choice.unusedBytes();
  }

  void repacked(Repack.Result result) {
    repacked.addAll(result.packs());
    copiedBytes += result.copiedBytes();
    replaced += result.backups();
  }

  /** A session whose packs may go. */
  void silent(Sessions.Session session) {
    Beat beat = session.beat();
    if (!session.isReader()) {
      sessions.put(session.id(), new Whose(Origin.INTERRUPTED, beat == null ? "" : beat.volume()));
    }
    silent++;
  }

  /** A manifest whose packs may go. */
  void dead(DeadManifest manifest) {
    sessions.putIfAbsent(manifest.session(), new Whose(Origin.FORGOTTEN, manifest.volume()));
  }

  void lookedAt(PackName pack, long sizeBytes) {
    looked.add(sizeBytes);
  }

  void spared(PackName pack, long sizeBytes) {
    spared.add(sizeBytes);
  }

  void freed(PackName pack, long sizeBytes) {
    gone.add(sizeBytes);
    Whose whose =
        repacked.contains(pack)
            ? new Whose(Origin.REPACKED, "")
            : sessions.getOrDefault(pack.session(), new Whose(Origin.UNUSED, ""));
    freed.computeIfAbsent(whose, w -> new Sum()).add(sizeBytes);
  }

  void epoch() {
    epochs++;
  }

  void manifests(int count) {
    manifests += count;
  }

  void segments(int count) {
    segments += count;
  }

  GcReport report(boolean dryRun) {
    List<Freed> parts = new ArrayList<>();
    freed.forEach(
        (whose, sum) -> parts.add(new Freed(whose.origin(), whose.volume(), sum.packs, sum.bytes)));
    parts.sort(
        Comparator.comparingLong(Freed::bytes)
            .reversed()
            .thenComparing(Freed::origin)
            .thenComparing(Freed::volume));
    return new GcReport(
        dryRun,
        looked.packs,
        looked.bytes,
        gone.packs,
        gone.bytes,
        parts,
        spared.packs,
        spared.bytes,
        epochs,
        manifests,
        silent,
        segments,
        repacked(dryRun));
  }

  private GcReport.Repacked repacked(boolean dryRun) {
    if (dryRun) {
      return new GcReport.Repacked(worth.packs, worth.bytes, worth.bytes - worthUnused, 0);
    }
    Sum emptied = freed.getOrDefault(new Whose(Origin.REPACKED, ""), new Sum());
    return new GcReport.Repacked(emptied.packs, emptied.bytes, copiedBytes, replaced);
  }
}
