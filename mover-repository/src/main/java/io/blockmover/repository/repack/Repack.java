package io.blockmover.repository.repack;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.repository.Operation;
import io.blockmover.repository.Parallel;
import io.blockmover.repository.Repository;
import io.blockmover.repository.catalogue.Catalogue;
import io.blockmover.repository.catalogue.VolumeBackups;
import io.blockmover.repository.gc.GcReader;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.index.IndexSegmentWriter;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.PackSize;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackNames;
import io.blockmover.repository.pack.PackReference;
import io.blockmover.repository.usage.UsageCompaction;
import io.blockmover.repository.usage.UsageWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Stores what backups need of some packs again, in new packs, and lets manifests take the place of
 * others that name these. The old packs are needed by nobody then, and go with a later collection.
 * A writer of the commit protocol (docs/concurrency.md): it may die at any request, and deletes
 * nothing.
 */
public final class Repack {

  /** So many packs at a time: what is done by then stays done, whatever comes. */
  private static final int BATCH_PACKS = 1024;

  private final Repository repository;
  private final PackNames names;
  private final int packBytes;
  private final Parallel parallel;
  private final RepackWatch watch;
  private final long epoch;
  private final Map<PackName, Set<String>> needing = new HashMap<>();
  private final Map<String, VolumeBackups> known = new TreeMap<>();
  private int backups;
  private long copied;
  private final SortedSet<PackName> emptied = new TreeSet<>();

  /**
   * What was done.
   *
   * @param packs that these manifests do not need any more; somebody else's may
   * @param backups that were replaced
   * @param copiedBytes of the new packs
   */
  public record Result(SortedSet<PackName> packs, int backups, long copiedBytes) {}

  private Repack(
      Repository repository,
      PackNames names,
      int packBytes,
      Parallel parallel,
      RepackWatch watch,
      long epoch) {
    this.repository = repository;
    this.names = names;
    this.packBytes = packBytes;
    this.parallel = parallel;
    this.watch = watch;
    this.epoch = epoch;
  }

  /**
   * Repacks. Blocks; the thread may be interrupted.
   *
   * @param session whose heartbeat shows that somebody is at work; new packs are named after it
   * @param packs of data, that are worth it
   * @param packBytes size of new packs
   * @throws io.blockmover.api.AccessDenied if these keys may not read data; nothing was changed
   * @throws io.blockmover.api.Cancelled if the watch stopped it
   */
  public static Result run(
      Repository repository,
      String session,
      SortedSet<PackName> packs,
      int packBytes,
      Parallel parallel,
      RepackWatch watch)
      throws MoverException {
    repository.require(Operation.READ);
    repository.require(Operation.WRITE);
    repository.keys().requireReading();
    ByteBuffer id = ByteBuffer.wrap(HexFormat.of().parseHex(session));
    long run = ByteBuffer.wrap(repository.random().bytes(8)).getLong();
    PackNames names = new PackNames(id.getLong(), id.getLong(), run);
    // W1, before anything that is named here is read. A plan that is out counts as not yet seen.
    long epoch = new GcReader(repository.documents()).load().finalEpoch();
    Repack repack = new Repack(repository, names, packBytes, parallel, watch, epoch);
    repack.findVolumes(packs);
    List<PackName> left = new ArrayList<>(packs);
    for (int i = 0; i < left.size(); i += BATCH_PACKS) {
      List<PackName> batch = left.subList(i, Math.min(left.size(), i + BATCH_PACKS));
      repack.batch(new TreeSet<>(batch));
    }
    return new Result(repack.emptied, repack.backups, repack.copied);
  }

  /** W2: which volumes need which packs; all of them are gone through once. */
  private void findVolumes(SortedSet<PackName> packs) throws MoverException {
    for (VolumeBackups volume : new Catalogue(repository).list()) {
      watch.check();
      known.put(volume.id().hex(), volume);
      new StoredVolume(repository, volume.backups())
          .forEach(
              packs,
              new TreeSet<>(),
              (row, manifest, needed) -> {
                for (PackName pack : needed) {
                  needing.computeIfAbsent(pack, p -> new HashSet<>()).add(volume.id().hex());
                }
              });
    }
  }

  private void batch(SortedSet<PackName> packs) throws MoverException {
    // W2: which chunks of them the backups show.
    Set<String> ids = new TreeSet<>();
    packs.forEach(pack -> ids.addAll(needing.getOrDefault(pack, Set.of())));
    List<VolumeBackups> volumes = new ArrayList<>();
    known.forEach(
        (id, volume) -> {
          if (ids.contains(id)) {
            volumes.add(volume);
          }
        });
    LiveChunks live = new LiveChunks();
    SortedSet<PackName> unreadable = new TreeSet<>();
    for (VolumeBackups volume : volumes) {
      watch.check();
      MentionedExtents mentioned = new MentionedExtents(repository.metadata(), packs);
      new StoredVolume(repository, volume.backups())
          .forEach(
              packs,
              unreadable,
              (row, manifest, needed) -> {
                List<Extent> extents = mentioned.of(manifest);
                LiveChunks.visible(
                    repository,
                    manifest,
                    extents,
                    entry -> {
                      if (packs.contains(entry.location().pack())) {
                        live.add(entry.location());
                      }
                    });
              });
    }
    live.giveUp(unreadable);
    List<ChunkLocation> chunks = live.inOrder();
    if (chunks.isEmpty()) {
      return;
    }
    // W3
    MovedChunks moved = new ChunkMove(repository, parallel, watch).move(chunks, names, packBytes);
    putIndex(moved);
    moved.packs().forEach(pack -> copied += pack.sizeBytes());
    for (VolumeBackups volume : volumes) {
      watch.check();
      replace(volume, moved);
    }
    emptied.addAll(moved.emptied());
  }

  private void putIndex(MovedChunks moved) throws MoverException {
    IndexSegmentWriter segment = new IndexSegmentWriter();
    moved.chunks().forEach(segment::add);
    if (!segment.isEmpty()) {
      segment.finish(repository.metadata(), names.next(), 0, epoch);
    }
  }

  private void replace(VolumeBackups volume, MovedChunks moved) throws MoverException {
    SortedSet<PackName> packs = moved.emptied();
    MentionedExtents mentioned = new MentionedExtents(repository.metadata(), packs);
    MovedMaps maps = new MovedMaps(repository.metadata(), names, mentioned, moved);
    List<Replacement> replacements = new ArrayList<>();
    new StoredVolume(repository, volume.backups())
        .forEach(
            packs,
            new TreeSet<>(),
            (row, manifest, needed) -> {
              watch.check();
              replacements.add(replacement(row, manifest, mentioned, maps, moved));
            });
    if (!replacements.isEmpty()) {
      backups += new ReplacementCommit(repository, epoch).commit(volume.volume(), replacements);
    }
  }

  /** The same backup in the new packs; its maps and usage are in the store by then. */
  private Replacement replacement(
      BackupRow row,
      Manifest manifest,
      MentionedExtents mentioned,
      MovedMaps maps,
      MovedChunks moved)
      throws MoverException {
    List<Extent> extents = mentioned.of(manifest);
    Map<PackName, Long> gained = new TreeMap<>();
    Map<PackName, Long> lost = new TreeMap<>();
    LiveChunks.visible(
        repository,
        manifest,
        extents,
        entry -> {
          ChunkLocation chunk = moved.of(entry);
          if (chunk != null) {
            gained.merge(chunk.pack(), entry.length(), Long::sum);
            lost.merge(entry.location().pack(), -entry.length(), Long::sum);
          }
        });
    UsageWriter usage = new UsageWriter(repository.metadata(), names);
    for (Map.Entry<PackName, Long> pack : lost.entrySet()) {
      usage.add(pack.getKey(), pack.getValue());
    }
    for (Map.Entry<PackName, Long> pack : gained.entrySet()) {
      usage.size(moved.pack(pack.getKey()));
      usage.add(pack.getKey(), pack.getValue());
    }
    List<PackReference> all = new ArrayList<>();
    manifest.usage().forEach(pack -> all.add(pack.reference()));
    all.addAll(usage.finish());
    List<PackReference> few = UsageCompaction.compact(repository.metadata(), names, all);
    Manifest anew =
        manifest.movedTo(
            names.session(),
            maps.of(manifest.map(), manifest.chunkBytes()),
            few.stream().map(PackSize::of).toList());
    requireSame(anew, extents, gained, moved);
    return new Replacement(row.manifest(), anew);
  }

  /** Looks again at what was written: no byte may be lost for the sake of space. */
  private void requireSame(
      Manifest anew, List<Extent> extents, Map<PackName, Long> gained, MovedChunks moved)
      throws MoverException {
    Map<PackName, Long> left = new TreeMap<>(gained);
    LiveChunks.visible(
        repository,
        anew,
        extents,
        entry -> {
          PackName pack = entry.location().pack();
          if (moved.emptied().contains(pack)) {
            left.merge(pack, entry.length(), Long::sum);
          } else if (gained.containsKey(pack)) {
            left.merge(pack, -entry.length(), Long::sum);
          }
        });
    left.values().removeIf(bytes -> bytes == 0);
    if (!left.isEmpty()) {
      throw new IllegalStateException(
          "backup " + anew.backup() + " would be another one in its new packs: " + left);
    }
  }
}
