package io.blockmover.engine.backup;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.engine.progress.Progress;
import io.blockmover.repository.fingerprint.FingerprintCompaction;
import io.blockmover.repository.fingerprint.FingerprintCursor;
import io.blockmover.repository.fingerprint.FingerprintLayerWriter;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.layer.LayerPack;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.map.LayeredMap;
import io.blockmover.repository.map.MapCompaction;
import io.blockmover.repository.map.MapCursor;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.map.MapLayerWriter;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackNames;
import io.blockmover.repository.pack.PackReference;
import io.blockmover.repository.usage.UsageCompaction;
import io.blockmover.repository.usage.UsageWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a backup consists of while it is made: layers of map and fingerprints, and usage. Begins as
 * the parent's content, or empty; each pass over the volume adds a layer. For one thread.
 */
final class BackupContent {

  private final MetadataStore store;
  private final PackNames names;
  private final int chunkBytes;
  private final long volumeBytes;
  private List<Layer> map;
  private List<Layer> fingerprints;
  private List<PackReference> usage;
  private long mappedBytes;
  private final List<PackReference> index = new ArrayList<>();
  private final BadBlocks badBlocks = new BadBlocks();
  private long changedBytes;
  private final Beginning beginning;
  private final List<Layer> passed = new ArrayList<>();

  /** What there was before the first pass. */
  private record Beginning(
      List<Layer> map,
      List<Layer> fingerprints,
      List<PackReference> usage,
      List<Extent> badBlocks,
      long mappedBytes) {}

  /**
   * @param bad what of it could not be read when it was backed up
   * @param oldVolumeBytes of what there is already; 0 if nothing
   */
  BackupContent(
      MetadataStore store,
      PackNames names,
      int chunkBytes,
      long volumeBytes,
      List<Layer> map,
      List<Layer> fingerprints,
      List<PackReference> usage,
      List<Extent> bad,
      long oldVolumeBytes) {
    this.store = store;
    this.names = names;
    this.chunkBytes = chunkBytes;
    this.volumeBytes = volumeBytes;
    this.map = map;
    this.fingerprints = fingerprints;
    this.usage = usage;
    this.mappedBytes = oldVolumeBytes;
    bad.forEach(badBlocks::add);
    badBlocks.remove(Extent.between(volumeBytes, Long.MAX_VALUE));
    beginning = new Beginning(map, fingerprints, usage, badBlocks.list(), oldVolumeBytes);
  }

  /** Forgets all passes. Chunks that they stored are found again by whoever stores the same. */
  void beginAgain() {
    map = beginning.map();
    fingerprints = beginning.fingerprints();
    usage = beginning.usage();
    mappedBytes = beginning.mappedBytes();
    changedBytes = 0;
    passed.clear();
    badBlocks.remove(new Extent(0, Long.MAX_VALUE));
    beginning.badBlocks().forEach(badBlocks::add);
  }

  boolean isEmpty() {
    return map.isEmpty();
  }

  /** What the next pass compares with. */
  ParentPieces pieces() throws MoverException {
    return fingerprints.isEmpty()
        ? ParentPieces.NONE
        : new ParentFingerprints(
            new FingerprintCursor(store, fingerprints, mappedBytes),
            new LayeredMap(store, map, mappedBytes).cursor(0),
            badBlocks.list());
  }

  /**
   * Runs a pass and adds what it found.
   *
   * @param segments what to look at; closed by the caller
   * @param pieces what to compare with
   * @param journal what an earlier run did of this pass; hears of what this one does
   */
  void add(
      BackupPass pass,
      Segments segments,
      ParentPieces pieces,
      Progress progress,
      DurablePacks durable,
      Journal journal)
      throws MoverException {
    boolean hasParent = !isEmpty();
    BackupLayers layers =
        new BackupLayers(
            new MapLayerWriter(store, names, volumeBytes, chunkBytes),
            new FingerprintLayerWriter(store, names, volumeBytes),
            new UsageWriter(store, names),
            durable,
            badBlocks,
            hasParent ? new LayeredMap(store, map, mappedBytes).cursor(0) : null,
            new LayeredMap(store, passed, mappedBytes).cursor(0));
    long start = journal.resume(layers);
    segments.startAt(start);
    progress.done(start);
    CellPlanner planner = new CellPlanner(segments, pieces, volumeBytes, chunkBytes, progress);
    pass.run(
        planner,
        hasParent,
        result -> {
          layers.accept(result);
          journal.accept(result);
        });
    layers.loseTail(volumeBytes, mappedBytes);
    passed.add(layers.finishMap());
    map = with(map, passed.getLast());
    fingerprints = with(fingerprints, layers.finishFingerprints());
    List<PackReference> packs = new ArrayList<>(usage);
    packs.addAll(layers.finishUsage());
    usage = packs;
    if (pieces.tellChanges()) {
      changedBytes += layers.changedBytes();
    }
    mappedBytes = volumeBytes;
  }

  private static List<Layer> with(List<Layer> layers, Layer next) {
    List<Layer> result = new ArrayList<>(layers);
    result.add(next);
    return result;
  }

  /** Merges layers and usage where there are many. */
  void compact() throws MoverException {
    map = MapCompaction.compact(store, names, map, chunkBytes);
    fingerprints = FingerprintCompaction.compact(store, names, fingerprints);
    usage = UsageCompaction.compact(store, names, usage);
  }

  /** Writes metadata anew that lies in condemned packs. */
  void rewrite(Set<PackName> condemned) throws MoverException {
    MetadataRewrite rewrite = new MetadataRewrite(store, names, condemned);
    map = rewrite.map(map, volumeBytes, chunkBytes);
    fingerprints = rewrite.fingerprints(fingerprints, volumeBytes);
    usage = rewrite.usage(usage);
  }

  /** The extents of the volume that lie in any of these packs. */
  ExtentCursor extentsIn(Set<PackName> packs) throws MoverException {
    MapCursor cursor = new LayeredMap(store, map, volumeBytes).cursor(0);
    return new ExtentCursor() {
      @Override
      public @org.jspecify.annotations.Nullable Extent next() throws MoverException {
        MapEntry entry = cursor.next();
        while (entry != null
            && !(entry instanceof MapEntry.Data data && packs.contains(data.location().pack()))) {
          entry = cursor.next();
        }
        return entry == null ? null : new Extent(entry.offset(), entry.length());
      }

      @Override
      public void close() {}
    };
  }

  /** Remembers an index segment that was put. */
  void addIndex(PackReference segment) {
    index.add(segment);
  }

  /** Bytes of all metadata packs that this session wrote. */
  long writtenBytes() {
    long bytes = index.stream().mapToLong(PackReference::sizeBytes).sum();
    bytes += usage.stream().filter(this::isOwn).mapToLong(PackReference::sizeBytes).sum();
    for (List<Layer> layers : List.of(map, fingerprints)) {
      for (Layer layer : layers) {
        for (LayerPack pack : layer.packs()) {
          bytes += PackName.parse(pack.name()).run() == names.run() ? pack.bytes() : 0;
        }
      }
    }
    return bytes;
  }

  private boolean isOwn(PackReference pack) {
    return pack.name().run() == names.run();
  }

  List<PackReference> index() {
    return index;
  }

  List<Layer> map() {
    return map;
  }

  List<Layer> fingerprints() {
    return fingerprints;
  }

  List<PackReference> usage() {
    return usage;
  }

  List<Extent> badBlocks() {
    return badBlocks.list();
  }

  long changedBytes() {
    return changedBytes;
  }
}
