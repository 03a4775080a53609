package io.blockmover.repository.gc;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.VersionTag;
import io.blockmover.repository.Repository;
import io.blockmover.repository.VolumeId;
import io.blockmover.repository.catalogue.Catalogue;
import io.blockmover.repository.catalogue.VolumeBackups;
import io.blockmover.repository.commit.Scene;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.head.HeadStore;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.ManifestStore;
import io.blockmover.repository.manifest.PackSize;
import io.blockmover.repository.map.LayeredMap;
import io.blockmover.repository.map.MapCursor;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.ChunkReader;
import io.blockmover.repository.pack.DataKeys;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.usage.UsageReader;
import io.blockmover.repository.usage.UsageRow;
import io.blockmover.testkit.MemoryObjectStore;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Looks at what is really in a store: whether every committed backup is whole, and no more. */
final class StoredState {

  private final MemoryObjectStore memory;
  private final Repository repository;
  private final Map<String, Set<String>> needs = new HashMap<>();
  private final Map<String, Known> heads = new HashMap<>();

  StoredState(MemoryObjectStore memory) throws MoverException {
    this.memory = memory;
    this.repository = Scene.through(memory);
  }

  /** The claim of the commit protocol: every committed backup has its manifest and its packs. */
  void requireEveryBackupWhole() throws MoverException {
    for (String key : memory.keys("v/")) {
      for (BackupRow row : rows(key)) {
        require(row.manifest(), row);
        for (String needed : needsOf(row)) {
          require(needed, row);
        }
      }
    }
  }

  private void require(String key, BackupRow row) {
    if (!memory.has(key)) {
      throw new AssertionError("backup " + row.id() + " lacks " + key);
    }
  }

  private List<BackupRow> rows(String head) throws MoverException {
    VersionTag version = memory.find(head).orElseThrow().version();
    Known known = heads.get(head);
    if (known == null || !known.version.equals(version)) {
      HeadStore store = new HeadStore(repository);
      VolumeId id = new VolumeId(head.substring(2, 34));
      known = new Known(version, store.all(store.load(id).head()));
      heads.put(head, known);
    }
    return known.rows;
  }

  private record Known(VersionTag version, List<BackupRow> rows) {}

  /** Manifests are immutable: what one needs is read once. */
  private Set<String> needsOf(BackupRow row) throws MoverException {
    Set<String> known = needs.get(row.manifest());
    if (known == null) {
      Manifest manifest = new ManifestStore(repository.documents()).load(row);
      known = new TreeSet<>();
      for (var pack : manifest.metadataPacks()) {
        known.add(PackKind.MAP.keyOf(pack));
      }
      UsageReader usage =
          new UsageReader(
              repository.metadata(), manifest.usage().stream().map(PackSize::reference).toList());
      for (UsageRow used = usage.next(); used != null; used = usage.next()) {
        known.add(PackKind.DATA.keyOf(used.pack()));
      }
      for (ChunkLocation place : chunks(manifest).values()) {
        String key = PackKind.DATA.keyOf(place.pack());
        if (known.add(key)) {
          throw new AssertionError("usage of backup " + row.id() + " lacks " + key);
        }
      }
      needs.put(row.manifest(), known);
    }
    return known;
  }

  /** Where the map says that chunks are; they must be those that the backup was made of. */
  private SortedMap<Integer, ChunkLocation> chunks(Manifest manifest) throws MoverException {
    SortedMap<Integer, ChunkLocation> chunks = new TreeMap<>();
    MapCursor cursor =
        new LayeredMap(repository.metadata(), manifest.map(), manifest.volumeBytes()).cursor(0);
    for (MapEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
      if (entry instanceof MapEntry.Data data) {
        chunks.put((int) (data.offset() / SmallBackups.CELL_BYTES), data.location());
      }
    }
    Set<String> statistics = new TreeSet<>();
    chunks.keySet().forEach(chunk -> statistics.add(SmallBackups.statistic(chunk)));
    Set<String> expected = new TreeSet<>(manifest.statistics().keySet());
    expected.removeIf(name -> !name.startsWith(SmallBackups.statistic(0).replace("0", "")));
    if (!statistics.equals(expected)) {
      throw new AssertionError(
          "backup " + manifest.backup() + " lacks chunks, or has others: " + chunks.keySet());
    }
    return chunks;
  }

  /** Where in their packs the chunks of the newest backup of the only volume are, in its order. */
  List<Integer> offsetsOfLatest() throws MoverException {
    BackupRow row = rows(memory.keys("v/").getFirst()).getLast();
    Manifest manifest = new ManifestStore(repository.documents()).load(row);
    return chunks(manifest).values().stream().map(ChunkLocation::offset).toList();
  }

  /** Reads the data of all backups, as a restore does. */
  void requireEveryBackupReadable() throws MoverException {
    DataKeys dataKeys = new DataKeys(memory, repository.keys());
    try (ChunkReader reader = new ChunkReader(dataKeys, repository.keys())) {
      for (String key : memory.keys("v/")) {
        for (BackupRow row : rows(key)) {
          Manifest manifest = new ManifestStore(repository.documents()).load(row);
          for (Map.Entry<Integer, ChunkLocation> chunk : chunks(manifest).entrySet()) {
            ChunkLocation place = chunk.getValue();
            ByteBuffer stored = ByteBuffer.allocateDirect(place.endOffset() - place.offset());
            memory.read(PackKind.DATA.keyOf(place.pack()), place.offset(), stored);
            ByteBuffer plain = ByteBuffer.allocateDirect(SmallBackups.CHUNK_BYTES);
            reader.open(place, stored.flip(), plain);
            assertThat(plain.flip()).isEqualTo(SmallBackups.content(chunk.getKey()));
          }
        }
      }
    }
  }

  /** After the last collection: nothing is there that nobody needs. */
  void requireNothingLeft() throws MoverException {
    Set<String> manifests = new TreeSet<>();
    Set<String> packs = new TreeSet<>();
    for (VolumeBackups volume : new Catalogue(repository).list()) {
      for (BackupRow row : volume.backups()) {
        manifests.add(row.manifest());
        packs.addAll(needsOf(row));
      }
    }
    assertThat(memory.keys("s/")).containsExactlyElementsOf(manifests);
    Set<String> there = new TreeSet<>(memory.keys("d/"));
    there.addAll(memory.keys("m/"));
    assertThat(there).isEqualTo(packs);
    assertThat(memory.keys("w/")).isEmpty();
    GcHead head = new GcReader(repository.documents()).load();
    assertThat(head.plan()).isNull();
    Set<String> lists = new HashSet<>();
    head.lists().forEach(list -> lists.add(list.key()));
    lists.add(GcHead.KEY);
    // A candidate for the next epoch may still be published by a collection that sleeps.
    assertThat(memory.keys("gc/"))
        .allMatch(
            key -> lists.contains(key) || key.startsWith("gc/" + (head.finalEpoch() + 1) + "/"));
  }

  /** Ids of all backups. */
  Set<String> backups() throws MoverException {
    Set<String> ids = new TreeSet<>();
    for (VolumeBackups volume : new Catalogue(repository).list()) {
      volume.backups().forEach(row -> ids.add(row.id()));
    }
    return ids;
  }
}
