package io.blockmover.engine.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.Cancelled;
import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.TargetRefused;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.api.store.StoreOperation;
import io.blockmover.engine.MemoryProfile;
import io.blockmover.engine.fetch.PieceStates;
import io.blockmover.engine.fetch.StoredBackup;
import io.blockmover.engine.fetch.StoredVolume;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.testkit.Fault;
import io.blockmover.testkit.FaultyObjectStore;
import io.blockmover.testkit.MemoryBlockTarget;
import io.blockmover.testkit.MemoryObjectStore;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RestoreRunTest {

  private static final int MIB = 1 << 20;
  private static final MemoryProfile MEMORY = new MemoryProfile(4 * MIB, 2, 3, 16, 16);

  private final long seed = new Random().nextLong();
  private final MemoryObjectStore store = new MemoryObjectStore();
  private final Progress progress = new Progress();
  private final Cancellation cancellation = new Cancellation();

  private StoredVolume volume() throws Exception {
    System.out.println("seed " + seed);
    return new StoredVolume(store, 12 * MIB + 5 * 512, 2 * MIB, seed).base().overlay().overlay();
  }

  private RestoreReport restore(StoredBackup content, BlockTarget target, Mode... modes)
      throws Exception {
    var chosen = Arrays.asList(modes);
    return new RestoreRun(
            content,
            new RestoreRequest(
                "b1",
                target,
                chosen.contains(Mode.DIFFERENTIAL),
                chosen.contains(Mode.READ_BACK),
                chosen.contains(Mode.DRY_RUN),
                chosen.contains(Mode.KEEP_GOING),
                MEMORY),
            () -> {},
            progress,
            cancellation)
        .run();
  }

  private enum Mode {
    DIFFERENTIAL,
    READ_BACK,
    DRY_RUN,
    KEEP_GOING
  }

  private MemoryBlockTarget garbage(int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return new MemoryBlockTarget(bytes, false);
  }

  @Test
  void anEmptyTargetHoldsTheVolumeAfter() throws Exception {
    StoredVolume volume = volume();
    MemoryBlockTarget target = new MemoryBlockTarget(volume.image().length);
    RestoreReport report = restore(volume.content(), target);
    assertThat(target.content()).isEqualTo(volume.image());
    assertThat(target.bytesZeroed()).isZero();
    assertThat(target.flushes()).isEqualTo(1);
    assertThat(report.writtenBytes() + report.unchangedBytes()).isEqualTo(volume.image().length);
    assertThat(progress.snapshot().doneBytes()).isEqualTo(volume.image().length);
    assertThat(report.lost()).isEmpty();
  }

  @Test
  void garbageIsOverwrittenAndWhatLiesPastTheEndIsLeft() throws Exception {
    StoredVolume volume = volume();
    int size = volume.image().length;
    MemoryBlockTarget target = garbage(size + 70_000);
    byte[] before = target.content();
    restore(volume.content(), target, Mode.READ_BACK);
    assertThat(Arrays.copyOf(target.content(), size)).isEqualTo(volume.image());
    assertThat(Arrays.copyOfRange(target.content(), size, size + 70_000))
        .isEqualTo(Arrays.copyOfRange(before, size, size + 70_000));
    assertThat(progress.snapshot().doneBytes()).isEqualTo(2L * size);
  }

  @Test
  void aChunkUsedInManyPlacesIsFetchedOnce() throws Exception {
    StoredVolume volume = new StoredVolume(store, 12 * MIB, 2 * MIB, 1).base();
    long data = volume.entries().stream().mapToLong(entry -> entry.length()).sum();
    long distinct =
        volume.entries().stream()
            .map(entry -> entry.location())
            .distinct()
            .mapToLong(location -> location.endOffset() - location.offset())
            .sum();
    assertThat(distinct).isLessThan(data);
    RestoreReport report = restore(volume.content(), new MemoryBlockTarget(12 * MIB));
    assertThat(report.fetchedBytes()).isEqualTo(distinct);
    assertThat(report.writtenBytes()).isEqualTo(data);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDifferentialRestoreWritesOnlyWhatDiffers(boolean known) throws Exception {
    StoredVolume volume = volume();
    StoredBackup content = known ? volume.content() : volume.content(() -> PieceStates.UNKNOWN);
    byte[] image = volume.image();
    Random random = new Random(seed);
    for (int i = 0; i < 5; i++) {
      image[random.nextInt(image.length)] ^= 1;
    }
    MemoryBlockTarget target = new MemoryBlockTarget(image, false);
    RestoreReport report = restore(content, target, Mode.DIFFERENTIAL);
    assertThat(target.content()).isEqualTo(volume.image());
    assertThat(target.bytesWritten() + target.bytesZeroed()).isLessThanOrEqualTo(5 * 65536L);
    assertThat(report.unchangedBytes() + report.writtenBytes() + report.zeroedBytes())
        .isEqualTo(image.length);
  }

  @Test
  void anUnchangedTargetCostsNoData() throws Exception {
    StoredVolume volume = volume();
    MemoryBlockTarget target = new MemoryBlockTarget(volume.image(), false);
    RestoreReport report = restore(volume.content(), target, Mode.DIFFERENTIAL, Mode.READ_BACK);
    assertThat(report.fetchedBytes()).isZero();
    assertThat(target.bytesWritten() + target.bytesZeroed()).isZero();
    assertThat(report.unchangedBytes()).isEqualTo(volume.image().length);
    assertThat(report.proved()).contains("fingerprint");
  }

  @Test
  void aDryRunWritesNothingAndSaysWhatItWould() throws Exception {
    StoredVolume volume = volume();
    MemoryBlockTarget target = garbage(volume.image().length);
    byte[] before = target.content();
    long readsBefore = store.requests(StoreOperation.READ);
    RestoreReport plan = restore(volume.content(), target, Mode.DRY_RUN);
    assertThat(target.content()).isEqualTo(before);
    assertThat(target.flushes()).isZero();
    assertThat(store.requests(StoreOperation.READ) - readsBefore).isLessThan(10);
    RestoreReport report = restore(volume.content(), target);
    assertThat(plan.writtenBytes()).isEqualTo(target.bytesWritten());
    assertThat(plan.zeroedBytes()).isEqualTo(report.zeroedBytes());
  }

  @Test
  void aTargetThatIsTooSmallIsRefusedUntouched() throws Exception {
    StoredVolume volume = volume();
    MemoryBlockTarget target = garbage(volume.image().length - 1);
    byte[] before = target.content();
    assertThatThrownBy(() -> restore(volume.content(), target))
        .isInstanceOf(TargetRefused.class)
        .hasMessageContaining("b1");
    assertThat(target.content()).isEqualTo(before);
  }

  @Test
  void aTargetThatLosesWhatWasWrittenIsFoundByReadingBack() throws Exception {
    StoredVolume volume = volume();
    for (boolean known : new boolean[] {true, false}) {
      StoredBackup content = known ? volume.content() : volume.content(() -> PieceStates.UNKNOWN);
      long victim = volume.entries().getLast().offset();
      MemoryBlockTarget memory = new MemoryBlockTarget(volume.image().length);
      assertThatThrownBy(
              () -> restore(content, new ForgetfulTarget(memory, victim), Mode.READ_BACK))
          .isInstanceOf(DeviceFailed.class)
          .hasMessageContaining("does not hold what was written");
    }
  }

  @Test
  void aTargetThatFailsEndsTheRestore() throws Exception {
    StoredVolume volume = volume();
    MemoryBlockTarget target = new MemoryBlockTarget(volume.image().length);
    target.breakAt(new Extent(volume.entries().getFirst().offset(), 1));
    assertThatThrownBy(() -> restore(volume.content(), target)).isInstanceOf(DeviceFailed.class);
    assertThat(target.flushes()).isZero();
  }

  @Test
  void aStoreThatFailsEndsTheRestore() throws Exception {
    StoredVolume volume = volume();
    FaultyObjectStore faulty = new FaultyObjectStore(store);
    StoredBackup content = volume.content(faulty, () -> PieceStates.UNKNOWN);
    faulty.always(StoreOperation.READ, "d/", Fault.unavailable());
    MemoryBlockTarget target = new MemoryBlockTarget(volume.image().length);
    assertThatThrownBy(() -> restore(content, target)).isInstanceOf(StoreUnavailable.class);
  }

  @Test
  void aRequestToStopEndsTheRestore() throws Exception {
    StoredVolume volume = volume();
    cancellation.request();
    MemoryBlockTarget target = new MemoryBlockTarget(volume.image().length);
    assertThatThrownBy(() -> restore(volume.content(), target)).isInstanceOf(Cancelled.class);
    assertThat(target.bytesWritten()).isZero();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("restore-"));
  }
}
