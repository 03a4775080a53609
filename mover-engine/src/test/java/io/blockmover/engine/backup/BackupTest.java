package io.blockmover.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.blockmover.api.Cancelled;
import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.SourceReadFailed;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.PackSize;
import io.blockmover.repository.map.LayeredMap;
import io.blockmover.repository.map.MapCursor;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.usage.UsageReader;
import io.blockmover.repository.usage.UsageRow;
import io.blockmover.testkit.FakeChangeTracker;
import io.blockmover.testkit.FakeChangeTrackerProvider;
import io.blockmover.testkit.FaultyBlockSource;
import io.blockmover.testkit.MemoryBlockSource;
import io.blockmover.testkit.MemoryObjectStore;
import io.blockmover.testkit.TestSeed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackupTest {

  private static final int PIECE = 64 * 1024;

  private final MemoryObjectStore store = new MemoryObjectStore();

  private static byte[] random(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 511, 4096, PIECE, PIECE + 1, 512 * 1024, 3 * 1024 * 1024 + 12345})
  void aVolumeOfAnySizeComesBackAsItWas(int size) throws Exception {
    BackupFixture fixture = new BackupFixture(store);
    byte[] content = random(TestSeed.random("size"), size);
    var report = fixture.backUp("v", new MemoryBlockSource(content));
    assertThat(fixture.restore(report.backup())).isEqualTo(content);
    assertThat(report.volumeBytes()).isEqualTo(size);
    assertThat(report.changedBytes()).isEqualTo(size);
  }

  @Test
  void anUnchangedVolumeUploadsNoData() throws Exception {
    BackupFixture fixture = new BackupFixture(store);
    byte[] content = random(TestSeed.random("unchanged"), 5 * 1024 * 1024 + 777);
    fixture.backUp("v", new MemoryBlockSource(content));
    int packs = store.keys("d/").size();
    var second = fixture.backUp("v", new MemoryBlockSource(content));
    assertThat(second.changedBytes()).isZero();
    assertThat(store.keys("d/")).hasSize(packs);
    assertThat(fixture.restore(second.backup())).isEqualTo(content);
  }

  @Test
  void aChangedByteStoresItsPieceAndNoMore() throws Exception {
    BackupFixture fixture = new BackupFixture(store);
    byte[] content = random(TestSeed.random("piece"), 4 * 1024 * 1024);
    fixture.backUp("v", new MemoryBlockSource(content));
    content[1_000_000] ^= 1;
    var second = fixture.backUp("v", new MemoryBlockSource(content));
    assertThat(second.newChunkBytes()).isEqualTo(PIECE);
    assertThat(fixture.restore(second.backup())).isEqualTo(content);
  }

  @Test
  void chunksOfAnotherVolumeAreNotStoredAgain() throws Exception {
    BackupFixture fixture = new BackupFixture(store);
    byte[] content = random(TestSeed.random("dedup"), 2 * 1024 * 1024);
    fixture.backUp("one", new MemoryBlockSource(content));
    var other = fixture.backUp("two", new MemoryBlockSource(content));
    assertThat(other.newChunkBytes()).isZero();
    assertThat(fixture.restore(other.backup())).isEqualTo(content);
  }

  @Test
  void equalChunksInOneVolumeAreStoredOnce() throws Exception {
    BackupFixture fixture = new BackupFixture(store);
    byte[] cell = random(TestSeed.random("twice"), 512 * 1024);
    byte[] content = new byte[8 * cell.length];
    for (int i = 0; i < 8; i++) {
      System.arraycopy(cell, 0, content, i * cell.length, cell.length);
    }
    var report = fixture.backUp("v", new MemoryBlockSource(content));
    assertThat(report.newChunkBytes()).isEqualTo(cell.length);
    assertThat(fixture.restore(report.backup())).isEqualTo(content);
  }

  @Test
  void aRandomHistoryOfWritesZerosAndSizesComesBackAtEveryPoint() throws Exception {
    BackupFixture fixture = new BackupFixture(store);
    Random random = TestSeed.random("history");
    byte[] content = random(random, 3 * 1024 * 1024);
    Map<String, byte[]> history = new TreeMap<>();
    for (int step = 0; step < 40; step++) {
      List<Extent> changes = mutate(random, content);
      if (random.nextInt(5) == 0) {
        int size = 1 + random.nextInt(4 * 1024 * 1024);
        if (size > content.length) {
          changes.add(Extent.between(content.length, size));
        }
        content = Arrays.copyOf(content, size);
      }
      ChangeTrackerProvider tracker = tracker(random, step, content.length, changes);
      var report = fixture.backUp("v", new MemoryBlockSource(content).aligned(512), tracker, false);
      history.put(report.backup(), content.clone());
      requireExactUsage(fixture, fixture.manifest(report.backup()));
    }
    for (Map.Entry<String, byte[]> point : history.entrySet()) {
      assertThat(fixture.restore(point.getKey())).isEqualTo(point.getValue());
    }
  }

  /** Sometimes exact, sometimes by comparison: any mixture must give the same bytes. */
  private static ChangeTrackerProvider tracker(
      Random random, int step, int size, List<Extent> changes) {
    boolean exact = step > 0 && random.nextInt(3) > 0;
    List<Extent> clipped = new ArrayList<>();
    long from = 0;
    changes.sort((a, b) -> Long.compare(a.offset(), b.offset()));
    for (Extent change : changes) {
      long start = Math.max(from, change.offset());
      long end = Math.min(size, change.end());
      if (start < end) {
        clipped.add(Extent.between(start, end));
        from = end;
      }
    }
    return FakeChangeTrackerProvider.opening(
        exact ? "delta" : "delta-without-base",
        target -> {
          FakeChangeTracker fake =
              new FakeChangeTracker(ExtentQuality.EXACT, "after-" + step)
                  .withAllocated(List.of(new Extent(0, size)));
          return exact ? fake.withChanges("after-" + (step - 1), clipped) : fake;
        });
  }

  private static List<Extent> mutate(Random random, byte[] content) {
    List<Extent> changes = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      int from = random.nextInt(content.length);
      int length =
          Math.min(
              content.length - from, 1 + random.nextInt(random.nextBoolean() ? 9000 : 900_000));
      if (random.nextInt(3) == 0) {
        Arrays.fill(content, from, from + length, (byte) 0);
      } else {
        byte[] bytes = random(random, length);
        System.arraycopy(bytes, 0, content, from, length);
      }
      changes.add(new Extent(from, length));
    }
    return changes;
  }

  /** What the usage sums up to must be what the map says. */
  static void requireExactUsage(BackupFixture fixture, Manifest manifest) throws Exception {
    Map<PackName, Long> expected = new TreeMap<>();
    MapCursor cursor =
        new LayeredMap(fixture.repository.metadata(), manifest.map(), manifest.volumeBytes())
            .cursor(0);
    for (MapEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
      if (entry instanceof MapEntry.Data data) {
        expected.merge(data.location().pack(), data.length(), Long::sum);
      }
    }
    Map<PackName, Long> actual = new TreeMap<>();
    UsageReader reader =
        new UsageReader(
            fixture.repository.metadata(),
            manifest.usage().stream().map(PackSize::reference).toList());
    for (UsageRow row = reader.next(); row != null; row = reader.next()) {
      actual.put(row.pack(), row.referencedBytes());
    }
    assertThat(actual).isEqualTo(expected);
    assertThat(manifest.map()).hasSizeLessThanOrEqualTo(17).doesNotContainNull();
    assertThat(manifest.map())
        .extracting(Layer::volumeBytes)
        .last()
        .isEqualTo(manifest.volumeBytes());
  }

  @Test
  void aBadPlaceFailsTheBackupAndNamesTheOffset() throws Exception {
    BackupFixture fixture = new BackupFixture(store);
    byte[] content = random(TestSeed.random("bad"), 2 * 1024 * 1024);
    FaultyBlockSource source =
        new FaultyBlockSource(new MemoryBlockSource(content)).badAt(new Extent(700_000, 10));
    assertThatExceptionOfType(SourceReadFailed.class)
        .isThrownBy(() -> fixture.backUp("v", source))
        .withMessageContaining("offset");
    assertThat(store.keys("v/")).isEmpty();
  }

  @Test
  void aBadPlaceThatMayBeSkippedIsZerosAndListed() throws Exception {
    BackupFixture fixture = new BackupFixture(store);
    byte[] content = random(TestSeed.random("skip"), 2 * 1024 * 1024);
    FaultyBlockSource source =
        new FaultyBlockSource(new MemoryBlockSource(content)).badAt(new Extent(700_000, 10));
    var report = fixture.backUp("v", source, BackupFixture.fullScan(content.length), true);
    int start = 700_000 / 4096 * 4096;
    assertThat(report.badBlocks()).containsExactly(new Extent(start, 4096));
    assertThat(fixture.manifest(report.backup()).badBlocks()).hasSize(1);
    byte[] expected = content.clone();
    Arrays.fill(expected, start, start + 4096, (byte) 0);
    assertThat(fixture.restore(report.backup())).isEqualTo(expected);
  }

  @Test
  void aReadErrorThatPassesIsTriedAgain() throws Exception {
    BackupFixture fixture = new BackupFixture(store);
    byte[] content = random(TestSeed.random("retry"), 1024 * 1024);
    FaultyBlockSource source =
        new FaultyBlockSource(new MemoryBlockSource(content)).badAt(new Extent(0, 10), 2);
    assertThat(fixture.restore(fixture.backUp("v", source).backup())).isEqualTo(content);
  }

  @Test
  void aDeviceThatVanishesLeavesNoBackup() throws Exception {
    BackupFixture fixture = new BackupFixture(store);
    byte[] content = random(TestSeed.random("vanish"), 4 * 1024 * 1024);
    FaultyBlockSource source = new FaultyBlockSource(new MemoryBlockSource(content)).vanishAfter(3);
    assertThatExceptionOfType(DeviceFailed.class).isThrownBy(() -> fixture.backUp("v", source));
    assertThat(store.keys("v/")).isEmpty();
  }

  @Test
  void aCancelledBackupCommitsNothing() throws Exception {
    BackupFixture fixture = new BackupFixture(store);
    byte[] content = random(TestSeed.random("cancel"), 4 * 1024 * 1024);
    Cancellation cancellation = new Cancellation();
    cancellation.request();
    Backup backup =
        fixture.backup(
            "v",
            new MemoryBlockSource(content),
            BackupFixture.fullScan(content.length),
            false,
            cancellation);
    assertThatExceptionOfType(Cancelled.class).isThrownBy(backup::run);
    assertThat(store.keys("v/")).isEmpty();
  }

  @Test
  void holesOfTheSourceAreNotRead() throws Exception {
    BackupFixture fixture = new BackupFixture(store);
    byte[] content = new byte[8 * 1024 * 1024];
    byte[] data = random(TestSeed.random("holes"), PIECE);
    System.arraycopy(data, 0, content, 3 * 1024 * 1024, PIECE);
    MemoryBlockSource source =
        new MemoryBlockSource(content).allocatedIn(List.of(new Extent(3 * 1024 * 1024, PIECE)));
    var report = fixture.backUp("v", source);
    assertThat(report.readBytes()).isEqualTo(PIECE);
    assertThat(fixture.restore(report.backup())).isEqualTo(content);
  }

  @Test
  void whatGcCondemnedInTheMeantimeIsStoredAgain() throws Exception {
    BackupFixture fixture = new BackupFixture(store);
    Random random = TestSeed.random("condemned");
    byte[] content = random(random, 3 * 1024 * 1024);
    Arrays.fill(content, 1_000_000, 1_500_000, (byte) 0);
    fixture.backUp("v", new MemoryBlockSource(content));
    List<String> condemned = new ArrayList<>(store.keys("d/"));
    condemned.addAll(store.keys("m/"));
    String plan = "gc/1/plan-0";
    fixture.repository.documents().putIfAbsent(plan, Map.of("packs", names(condemned)));
    fixture
        .repository
        .documents()
        .putIfAbsent(
            "gc/HEAD",
            Map.of(
                "seq", 1, "nonce", "00", "final", 0, "plan", plan, "lists", List.of(), "floor", 0));
    content[2_000_000] ^= 1;
    var second = fixture.backUp("v", new MemoryBlockSource(content));
    assertThat(second.changedBytes()).as("stored again is not changed").isEqualTo(PIECE);
    store.deleteAll(condemned);
    assertThat(fixture.restore(second.backup())).isEqualTo(content);
    requireExactUsage(fixture, fixture.manifest(second.backup()));
  }

  private static List<String> names(List<String> keys) {
    return keys.stream().map(key -> key.substring(key.lastIndexOf('/') + 1)).sorted().toList();
  }
}
