package io.blockmover.engine.backup;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.repository.Repository;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.testkit.Extents;
import io.blockmover.testkit.FakeChangeTracker;
import io.blockmover.testkit.FakeChangeTrackerProvider;
import io.blockmover.testkit.FaultyBlockSource;
import io.blockmover.testkit.MemoryBlockSource;
import io.blockmover.testkit.MemoryObjectStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/** A volume with snapshots, and backups of it by trackers that a test writes the script of. */
final class ScriptedVolume {

  static final int CELL = 512 * 1024;
  static final int PIECE = 64 * 1024;
  static final int BLOCK = 4096;

  final MemoryObjectStore store = new MemoryObjectStore();
  final BackupFixture fixture;
  Repository repository;
  final Random random;
  byte[] content;
  MemoryBlockSource source;
  private byte[] before;
  private int step;
  TrackingOptions options = new TrackingOptions(0, 1, 0.001, java.util.Set.of());
  Map<String, String> attributes = Map.of();
  String driver = "test";
  String volumeHandle = "vol-1";
  boolean skipBadBlocks;
  List<Extent> bad = List.of();
  JournalPolicy journal = JournalPolicy.STANDARD;
  long eventfulRead = -1;
  Runnable beforeEventfulRead = () -> {};

  ScriptedVolume(Random random, int size) throws MoverException {
    this.fixture = new BackupFixture(store);
    this.repository = fixture.repository;
    this.random = random;
    this.content = new byte[size];
    random.nextBytes(content);
    this.before = content.clone();
    this.source = new MemoryBlockSource(content);
  }

  /** Writes a few blocks at random; the extents that changed, ascending. */
  List<Extent> write(int blocks) {
    for (int i = 0; i < blocks; i++) {
      write(random.nextInt(content.length / BLOCK) * (long) BLOCK, BLOCK);
    }
    return changed();
  }

  void write(long offset, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    System.arraycopy(bytes, 0, content, (int) offset, length);
  }

  /** What changed since the last backup, in blocks. */
  List<Extent> changed() {
    List<Extent> blocks = new ArrayList<>();
    for (Extent extent : Extents.differing(before, content)) {
      long from = extent.offset() / BLOCK * BLOCK;
      long to = Math.min(content.length, (extent.end() + BLOCK - 1) / BLOCK * BLOCK);
      if (!blocks.isEmpty() && blocks.getLast().end() >= from) {
        blocks.set(blocks.size() - 1, Extent.between(blocks.getLast().offset(), to));
      } else {
        blocks.add(Extent.between(from, to));
      }
    }
    return blocks;
  }

  /** A tracker that tells the truth, exactly, and can be asked next time. */
  FakeChangeTracker truthful() {
    return new FakeChangeTracker(ExtentQuality.EXACT, "after-" + step)
        .withAllocated(List.of(new Extent(0, content.length)))
        .withChanges("after-" + (step - 1), changed());
  }

  BackupReport backUp() throws MoverException {
    return backUp(tracker -> tracker);
  }

  /** By one tracker named "exact" that a test has told what to do. */
  BackupReport backUp(UnaryOperator<FakeChangeTracker> script) throws MoverException {
    FakeChangeTracker tracker = script.apply(truthful());
    return backUp(List.of(FakeChangeTrackerProvider.opening("exact", target -> tracker)));
  }

  BackupReport backUp(List<ChangeTrackerProvider> trackers) throws MoverException {
    return backUp(trackers, new Cancellation());
  }

  BackupReport backUp(List<ChangeTrackerProvider> trackers, Cancellation cancellation)
      throws MoverException {
    source = new MemoryBlockSource(content).aligned(512).immutable("snapshot-" + step);
    FaultyBlockSource faulty = new FaultyBlockSource(source);
    for (Extent extent : bad) {
      faulty.badAt(extent);
    }
    SnapshotReference reference =
        new SnapshotReference(driver, "snap-" + step, volumeHandle, content.length, attributes);
    BackupReport report =
        new Backup(
                repository,
                new BackupRequest(
                    new WatchedSource(faulty, eventfulRead, beforeEventfulRead),
                    "test",
                    "v",
                    reference,
                    trackers,
                    List.of(),
                    1,
                    skipBadBlocks,
                    "here",
                    BackupFixture.TINY,
                    options),
                new Progress(),
                cancellation,
                journal)
            .run();
    before = content.clone();
    step++;
    return report;
  }

  /** Makes the volume longer or shorter. */
  void resize(int size) {
    int old = content.length;
    content = Arrays.copyOf(content, size);
    if (size > old) {
      write(old, size - old);
    }
  }

  boolean holds(BackupReport report) throws MoverException {
    return Arrays.equals(fixture.restore(report.backup()), content);
  }

  Manifest manifest(BackupReport report) throws MoverException {
    return fixture.manifest(report.backup());
  }

  /** Size of the volume when it was backed up last. */
  int sizeOfLast() {
    return before.length;
  }

  int step() {
    return step;
  }
}
