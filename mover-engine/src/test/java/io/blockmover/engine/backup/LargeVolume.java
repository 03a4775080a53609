package io.blockmover.engine.backup;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.VersionTag;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.engine.MemoryProfile;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.repository.store.DirectoryStore;
import io.blockmover.testkit.FakeChangeTracker;
import io.blockmover.testkit.FakeChangeTrackerProvider;
import io.blockmover.testkit.GeneratedBlockSource;
import io.blockmover.testkit.VolumeShape;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A process of its own that backs a generated volume up twice, to a store that throws data packs
 * away, and prints its peak resident memory as the kernel counted it.
 */
final class LargeVolume {

  private LargeVolume() {}

  /**
   * Runs it.
   *
   * @param arguments directory for metadata, GiB of the volume, GiB allocated, standard or small
   */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    long volumeBytes = Long.parseLong(arguments[1]) << 30;
    double share = Double.parseDouble(arguments[2]) * (1L << 30) / volumeBytes;
    MemoryProfile memory =
        arguments[3].equals("small") ? MemoryProfile.small() : MemoryProfile.standard();
    try (var store = new WithoutData(new DirectoryStore(directory))) {
      BackupFixture fixture = new BackupFixture(store);
      var source = new GeneratedBlockSource(volumeBytes, 1, VolumeShape.sparse(share));
      BackupReport full = backUp(fixture, source, memory);
      BackupReport next = backUp(fixture, source.changed(1, 0.01), memory);
      System.out.println("allocated " + full.readBytes() + " changed " + next.changedBytes());
      System.out.println("metadata " + next.metadataBytes());
    }
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM")) {
        System.out.println(line);
      }
    }
  }

  private static BackupReport backUp(
      BackupFixture fixture, GeneratedBlockSource source, MemoryProfile memory)
      throws MoverException {
    BackupRequest request =
        new BackupRequest(
            source,
            "generated",
            "large",
            new SnapshotReference("test", "", "large", source.sizeBytes(), Map.of()),
            List.of(
                FakeChangeTrackerProvider.opening(
                    "full-scan",
                    target ->
                        new FakeChangeTracker(ExtentQuality.CANDIDATE, null)
                            .withAllocated(List.of(new Extent(0, source.sizeBytes()))))),
            List.of(),
            1,
            false,
            "here",
            memory);
    return new Backup(fixture.repository, request, new Progress(), new Cancellation()).run();
  }

  private static final class WithoutData extends ForwardingObjectStore {

    WithoutData(DirectoryStore next) {
      super(next);
    }

    @Override
    public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
      return key.startsWith("d/") ? new VersionTag("dropped") : super.putIfAbsent(key, body);
    }
  }
}
