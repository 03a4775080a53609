package io.blockmover.engine.backup;

import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.engine.MemoryProfile;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.repository.Randomness;
import io.blockmover.repository.Repository;
import io.blockmover.repository.RepositoryInit;
import io.blockmover.repository.catalogue.BackupFinder;
import io.blockmover.repository.key.PasswordCost;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.ManifestStore;
import io.blockmover.repository.map.LayeredMap;
import io.blockmover.repository.map.MapCursor;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.ChunkReader;
import io.blockmover.repository.pack.DataKeys;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.testkit.FakeChangeTracker;
import io.blockmover.testkit.FakeChangeTrackerProvider;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** A repository to back up into, and the plainest possible restore to judge by. */
final class BackupFixture {

  static final String PASSWORD = "correct horse";
  private static final PasswordCost CHEAP = new PasswordCost(64, 1, 1);
  static final MemoryProfile TINY = new MemoryProfile(4 << 20, 3, 4, 1024, 1 << 20);

  final ObjectStore store;
  final Repository repository;

  BackupFixture(ObjectStore store) throws MoverException {
    this(store, 512 * 1024);
  }

  BackupFixture(ObjectStore store, int chunkBytes) throws MoverException {
    this(store, create(store, chunkBytes));
  }

  private BackupFixture(ObjectStore store, Repository repository) {
    this.store = store;
    this.repository = repository;
  }

  /** A repository that is there already. */
  static BackupFixture of(ObjectStore store) throws MoverException {
    return new BackupFixture(store, open(store));
  }

  private static Repository create(ObjectStore store, int chunkBytes) throws MoverException {
    new RepositoryInit(store, Clock.systemUTC(), new SecureRandom())
        .create(new RepositoryInit.Options(PASSWORD, CHEAP, chunkBytes));
    return open(store);
  }

  static Repository open(ObjectStore store) throws MoverException {
    return Repository.open(store, PASSWORD, Clock.systemUTC(), Randomness.secure());
  }

  /** A tracker that knows nothing: everything must be compared. */
  static ChangeTrackerProvider fullScan(long sizeBytes) {
    return FakeChangeTrackerProvider.opening(
        "full-scan",
        target ->
            new FakeChangeTracker(ExtentQuality.CANDIDATE, null)
                .withAllocated(
                    sizeBytes == 0
                        ? List.of()
                        : List.of(new io.blockmover.api.Extent(0, sizeBytes))));
  }

  BackupReport backUp(String volume, BlockSource source) throws MoverException {
    return backUp(volume, source, fullScan(source.sizeBytes()), false);
  }

  BackupReport backUp(
      String volume, BlockSource source, ChangeTrackerProvider tracker, boolean skipBadBlocks)
      throws MoverException {
    return backup(volume, source, tracker, skipBadBlocks, new Cancellation()).run();
  }

  Backup backup(
      String volume,
      BlockSource source,
      ChangeTrackerProvider tracker,
      boolean skipBadBlocks,
      Cancellation cancellation) {
    return new Backup(
        repository,
        new BackupRequest(
            source,
            "test",
            volume,
            new SnapshotReference("test", "", volume, source.sizeBytes(), Map.of()),
            List.of(tracker),
            List.of(),
            1,
            skipBadBlocks,
            "here",
            TINY),
        new Progress(),
        cancellation);
  }

  Manifest manifest(String backup) throws MoverException {
    return new ManifestStore(repository.documents())
        .load(new BackupFinder(repository).find(backup).row());
  }

  /** The whole volume, chunk by chunk, each by a request of its own. */
  byte[] restore(String backup) throws MoverException {
    Manifest manifest = manifest(backup);
    byte[] volume = new byte[(int) manifest.volumeBytes()];
    MapCursor cursor =
        new LayeredMap(repository.metadata(), manifest.map(), manifest.volumeBytes()).cursor(0);
    DataKeys keys = new DataKeys(store, repository.keys());
    try (ChunkReader reader = new ChunkReader(keys, repository.keys())) {
      for (MapEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
        if (entry instanceof MapEntry.Data data) {
          ByteBuffer chunk = open(reader, data.location());
          chunk.get(data.within(), volume, (int) data.offset(), (int) data.length());
        }
      }
    }
    return volume;
  }

  private ByteBuffer open(ChunkReader reader, ChunkLocation location) throws MoverException {
    ByteBuffer record = ByteBuffer.allocateDirect(location.endOffset() - location.offset());
    store.read(PackKind.DATA.keyOf(location.pack()), location.offset(), record);
    ByteBuffer chunk = ByteBuffer.allocateDirect(location.plainLength());
    reader.open(location, record.flip(), chunk);
    return chunk.flip();
  }
}
