package io.blockmover.engine.backup;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.repository.Repository;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.head.HeadStore;
import io.blockmover.testkit.FakeChangeTracker;
import io.blockmover.testkit.FakeChangeTrackerProvider;
import io.blockmover.testkit.MemoryBlockSource;
import java.util.List;
import java.util.function.IntFunction;

/** Writes the golden repository: whole chunks, pieces, exact extents, zeros, shrinking, growing. */
public final class GoldenWriter {

  public static final String PASSWORD = BackupFixture.PASSWORD;
  private static final String VOLUME = "golden";

  private GoldenWriter() {}

  public static void write(ObjectStore store, int backups, IntFunction<byte[]> content)
      throws MoverException {
    BackupFixture fixture = new BackupFixture(store);
    for (int i = 0; i < backups; i++) {
      byte[] bytes = content.apply(i);
      int number = i;
      fixture.backUp(
          VOLUME,
          new MemoryBlockSource(bytes),
          FakeChangeTrackerProvider.opening(
              "golden-tracker",
              target ->
                  new FakeChangeTracker(ExtentQuality.EXACT, "point-" + number)
                      .withAllocated(List.of(new Extent(0, bytes.length)))
                      .withChanges(
                          "point-0",
                          List.of(new Extent(300_000, 1_000), new Extent(500_000, 150_000)))),
          false);
    }
  }

  public static List<BackupRow> backups(Repository repository) throws MoverException {
    HeadStore heads = new HeadStore(repository);
    return heads.all(heads.load(VOLUME).head());
  }
}
