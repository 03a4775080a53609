package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.DeviceFailed;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.AddressedVolume;
import io.blockmover.api.source.ForwardingBlockSource;
import io.blockmover.ceph.rbd.volume.RbdVolumeProvider;
import io.blockmover.engine.MemoryProfile;
import io.blockmover.engine.backup.Backup;
import io.blockmover.engine.backup.BackupReport;
import io.blockmover.engine.backup.BackupRequest;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.repository.Randomness;
import io.blockmover.repository.Repository;
import io.blockmover.repository.store.DirectoryStore;
import io.blockmover.testkit.TestSeed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot that is removed while its backup runs, or after it and before the next. */
@Tag("ceph")
class RbdVanishingIT {

  private static final int SIZE = 12 << 20;

  @TempDir private Path directory;
  private MoverRun mover = new MoverRun();

  @BeforeEach
  void aRepository() {
    mover =
        mover
            .variable("MOVER_REPO", directory.resolve("repo").toString())
            .variable("MOVER_PASSWORD", "secret");
    assertThat(mover.run("init").exitCode()).isZero();
  }

  /** Does something at the fifth read. */
  private static final class Interrupted extends ForwardingBlockSource {
    private final AtomicInteger reads = new AtomicInteger();
    private final Runnable then;

    Interrupted(AddressedVolume volume, Runnable then) {
      super(volume.source());
      this.then = then;
    }

    @Override
    public int read(long offset, ByteBuffer into) throws MoverException {
      if (reads.incrementAndGet() == 5) {
        then.run();
      }
      return super.read(offset, into);
    }
  }

  private BackupReport backUp(RealImage image, String snapshot, Runnable atTheFifthRead)
      throws Exception {
    AddressedVolume volume =
        new RbdVolumeProvider()
            .openSource(image.address() + "@" + snapshot, RealImage.options("mover"));
    try (Interrupted source = new Interrupted(volume, atTheFifthRead);
        DirectoryStore store = new DirectoryStore(directory.resolve("repo"))) {
      Repository repository =
          Repository.open(store, "secret", Clock.systemUTC(), Randomness.secure());
      BackupRequest request =
          new BackupRequest(
              source,
              "rbd",
              volume.volume(),
              volume.reference(),
              TrackingOption.trackers(volume.reference(), mover.surroundings()),
              List.of(),
              1,
              false,
              "here",
              MemoryProfile.small());
      return new Backup(repository, request, new Progress(), new Cancellation()).run();
    }
  }

  @RepeatedTest(20)
  void nothingIsCommittedOfASnapshotThatWentAwayAndTheNextOneIsRight() throws Exception {
    byte[] content = new byte[SIZE];
    TestSeed.random("RbdVanishingIT").nextBytes(content);
    try (RealImage image = RealImage.ofBytes(SIZE);
        RealImage restored = RealImage.missing()) {
      image.write(0, content);
      image.snapshot("one");
      assertThatThrownBy(
              () ->
                  backUp(
                      image,
                      "one",
                      () -> {
                        RealImage.rbd("snap", "rm", "--no-progress", image.spec() + "@one");
                        zeroed(image);
                      }))
          .isInstanceOf(DeviceFailed.class)
          .hasMessageContaining("was removed while it was read");
      assertThat(mover.run("list", "--json").out()).contains("\"backups\":[]");

      image.write(0, content);
      image.snapshot("two");
      assertThat(backUp(image, "two", () -> {}).backup()).isNotEmpty();
      requireRestores(restored, content);
    }
  }

  private void requireRestores(RealImage restored, byte[] content) throws IOException {
    MoverRun.Outcome outcome =
        mover.run(
            "restore",
            "latest",
            restored.address(),
            "--create",
            "--ceph-conf",
            RealImage.conf(),
            "--ceph-id",
            "writer");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(restored.content()).isEqualTo(content);
  }

  /** So that the removed snapshot alone held the data. */
  private static void zeroed(RealImage image) {
    try {
      image.zero(0, SIZE);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @RepeatedTest(20)
  void aBaseThatGoesAwayMeanwhileCostsTimeAndNothingElse() throws Exception {
    byte[] content = new byte[SIZE];
    TestSeed.random("RbdVanishingIT").nextBytes(content);
    try (RealImage image = RealImage.ofBytes(SIZE);
        RealImage restored = RealImage.missing()) {
      image.write(0, content);
      image.snapshot("one");
      assertThat(backUp(image, "one", () -> {}).backup()).isNotEmpty();
      for (int at = 0; at < SIZE; at += 1 << 20) {
        content[at]++;
        image.write(at, new byte[] {content[at]});
      }
      image.snapshot("two");
      BackupReport report = backUp(image, "two", () -> image.removeSnapshot("one"));
      assertThat(report.parent()).isNotNull();
      requireRestores(restored, content);
    }
  }
}
