package io.blockmover.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.blockmover.api.BaseSnapshotMissing;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.ExtentQuality;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * What every {@link ChangeTracker} must do; extend it and say how to make a volume and its tracker.
 * Above all: no differing byte lies outside what is reported, whatever was written, discarded and
 * grown. Reporting too much is allowed, and published as a figure. A known deviation is an override
 * with a reason.
 */
public abstract class ChangeTrackerConformance {

  private static final int ROUNDS = 6;

  private @Nullable VolumeScript script;

  /** Makes a volume of zeros. */
  protected abstract TrackedVolume createVolume(long sizeBytes) throws Exception;

  /** The provider under test. */
  protected abstract ChangeTrackerProvider provider();

  /** The size of the volumes; a multiple of 64 KiB. */
  protected int volumeBytes() {
    return 4 << 20;
  }

  /** Of what offsets and lengths of writes and discards must be multiples. */
  protected int blockBytes() {
    return 512;
  }

  /** Whether volumes can grow. */
  protected boolean supportsGrowing() {
    return true;
  }

  @BeforeEach
  final void makeVolume() throws Exception {
    Random random = TestSeed.random(getClass().getSimpleName());
    script = new VolumeScript(createVolume(volumeBytes()), volumeBytes(), blockBytes(), random);
  }

  @AfterEach
  final void removeVolume() throws Exception {
    if (script != null) {
      script.volume().close();
    }
  }

  @Test
  protected void noDifferingByteLiesOutsideWhatIsReported(TestReporter reporter) throws Exception {
    TakenSnapshot base = script().snapshot();
    for (int round = 0; round < ROUNDS; round++) {
      script().play(10);
      TakenSnapshot target = script().snapshot();
      List<Extent> reported = changes(base, target, 0);
      List<Extent> differing = Extents.differing(base.content(), target.content());
      ExtentChecks.assertAscendingWithin(reported, target.all());
      ExtentChecks.assertCovers(reported, differing);
      reporter.publishEntry(
          "reported/differing bytes",
          ExtentChecks.totalBytes(reported) + "/" + ExtentChecks.totalBytes(differing));
      base = target;
    }
  }

  @Test
  protected void olderBasesWorkAsWell() throws Exception {
    TakenSnapshot oldest = script().snapshot();
    for (int round = 0; round < 3; round++) {
      script().play(5);
      script().snapshot();
    }
    script().play(5);
    TakenSnapshot target = script().snapshot();
    ExtentChecks.assertCovers(
        changes(oldest, target, 0), Extents.differing(oldest.content(), target.content()));
  }

  @Test
  protected void allocatedCoversEveryByteThatIsNotZero() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      script().play(5);
      TakenSnapshot target = script().snapshot();
      List<Extent> reported = allocated(target, 0);
      ExtentChecks.assertAscendingWithin(reported, target.all());
      ExtentChecks.assertCovers(reported, Extents.nonZero(target.content()));
    }
  }

  @Test
  protected void theFirstAndTheLastByteAreSeen() throws Exception {
    TakenSnapshot base = script().snapshot();
    script().write(0, blockBytes());
    script().write(script().sizeBytes() - blockBytes(), blockBytes());
    TakenSnapshot target = script().snapshot();
    ExtentChecks.assertCovers(
        changes(base, target, 0), Extents.differing(base.content(), target.content()));
    ExtentChecks.assertCovers(allocated(target, 0), Extents.nonZero(target.content()));
  }

  @Test
  protected void discardedDataIsAChange() throws Exception {
    script().write(0, script().sizeBytes() / 2);
    TakenSnapshot base = script().snapshot();
    script().discard(new Extent(64 << 10, 128 << 10));
    TakenSnapshot target = script().snapshot();
    ExtentChecks.assertCovers(
        changes(base, target, 0), Extents.differing(base.content(), target.content()));
  }

  @Test
  protected void anyOffsetResumesTheSameAnswer() throws Exception {
    script().play(10);
    TakenSnapshot base = script().snapshot();
    script().play(20);
    TakenSnapshot target = script().snapshot();
    List<Extent> allocated = allocated(target, 0);
    List<Extent> changed = changes(base, target, 0);
    for (long from : script().offsets(12)) {
      Extent rest = Extent.between(from, Long.MAX_VALUE);
      assertThat(allocated(target, from)).isEqualTo(Extents.clip(allocated, rest));
      assertThat(changes(base, target, from)).isEqualTo(Extents.clip(changed, rest));
    }
    assertThat(allocated(target, script().sizeBytes())).isEmpty();
    assertThat(changes(base, target, script().sizeBytes())).isEmpty();
  }

  @Test
  protected void noChangeIsReportedAsNone() throws Exception {
    script().play(10);
    TakenSnapshot base = script().snapshot();
    TakenSnapshot target = script().snapshot();
    try (ChangeTracker tracker = open(target)) {
      assumeTrue(
          tracker.quality() != ExtentQuality.CANDIDATE,
          "does not apply: the tracker compares nothing");
    }
    assertThat(changes(base, target, 0)).isEmpty();
  }

  @Test
  protected void aGrownVolumeIsReportedToItsEnd() throws Exception {
    assumeTrue(supportsGrowing(), "does not apply: volumes do not grow");
    script().play(5);
    TakenSnapshot base = script().snapshot();
    int oldSize = script().sizeBytes();
    script().grow(oldSize + (1 << 20));
    script().write(oldSize + (512 << 10), 4096);
    TakenSnapshot target = script().snapshot();
    List<Extent> changed = changes(base, target, 0);
    ExtentChecks.assertAscendingWithin(changed, target.all());
    ExtentChecks.assertCovers(changed, List.of(Extent.between(oldSize, script().sizeBytes())));
    ExtentChecks.assertCovers(allocated(target, 0), Extents.nonZero(target.content()));
  }

  @Test
  protected void aBaseThatIsMissingForeignOrNewerIsSaidToBe() throws Exception {
    TakenSnapshot gone = script().snapshot();
    ChangeId goneId = changeId(gone);
    script().play(3);
    TakenSnapshot target = script().snapshot();
    script().play(3);
    ChangeId newerId = changeId(script().snapshot());
    script().volume().delete(gone.reference());
    assertMissing(target, goneId);
    assertMissing(target, newerId);
    assertMissing(target, new ChangeId("of-somebody-else"));
  }

  @Test
  protected void twoStreamsAtOnceDoNotDisturbEachOther() throws Exception {
    script().play(20);
    TakenSnapshot target = script().snapshot();
    List<Extent> expected = allocated(target, 0);
    try (ChangeTracker tracker = open(target)) {
      ExtentCursor abandoned = tracker.allocated(0);
      abandoned.next();
      assertThat(Extents.drain(tracker.allocated(0))).isEqualTo(expected);
      abandoned.close();
      abandoned.close();
      assertThat(Extents.drain(tracker.allocated(0))).isEqualTo(expected);
    }
  }

  @Test
  protected void closingTwiceIsHarmlessAndLeavesNoThread() throws Exception {
    script().play(5);
    TakenSnapshot target = script().snapshot();
    LeftThreads before = LeftThreads.now();
    ChangeTracker tracker = open(target);
    ExtentCursor open = tracker.allocated(0);
    open.next();
    tracker.close();
    tracker.close();
    open.close();
    before.assertNoMore();
  }

  @Test
  protected void theProviderSaysThatItApplies() throws Exception {
    TakenSnapshot target = script().snapshot();
    assertThat(provider().name()).matches("[a-z][a-z0-9-]*");
    assertThat(provider().applicability(target.reference()))
        .isInstanceOf(Applicability.Applicable.class);
  }

  private VolumeScript script() {
    if (script == null) {
      throw new IllegalStateException("the volume is made before each test");
    }
    return script;
  }

  private ChangeTracker open(TakenSnapshot target) throws MoverException {
    return provider().open(target.reference());
  }

  /** Trackers that record nothing take any base. */
  private ChangeId changeId(TakenSnapshot snapshot) throws MoverException {
    try (ChangeTracker tracker = open(snapshot)) {
      return tracker.changeId().orElse(new ChangeId("none"));
    }
  }

  private List<Extent> changes(TakenSnapshot base, TakenSnapshot target, long from)
      throws MoverException {
    ChangeId baseId = changeId(base);
    try (ChangeTracker tracker = open(target)) {
      return Extents.drain(tracker.changedSince(baseId, from));
    }
  }

  private List<Extent> allocated(TakenSnapshot target, long from) throws MoverException {
    try (ChangeTracker tracker = open(target)) {
      return Extents.drain(tracker.allocated(from));
    }
  }

  private void assertMissing(TakenSnapshot target, ChangeId base) throws MoverException {
    try (ChangeTracker tracker = open(target)) {
      assumeTrue(tracker.changeId().isPresent(), "does not apply: the tracker takes any base");
      assertThatThrownBy(() -> Extents.drain(tracker.changedSince(base, 0)))
          .isInstanceOf(BaseSnapshotMissing.class);
    }
  }
}
