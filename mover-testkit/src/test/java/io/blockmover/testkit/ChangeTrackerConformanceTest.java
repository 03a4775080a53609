package io.blockmover.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.BaseSnapshotMissing;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.api.tracking.SnapshotReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kit catches trackers that lose data, and those that break other promises. */
class ChangeTrackerConformanceTest {

  private static Answer defect = (question, extents) -> extents;

  @Test
  void aCorrectTrackerPasses() {
    defect = (question, extents) -> extents;
    KitRun run = KitRun.of(Kit.class);
    assertThat(run.failed()).isEmpty();
    assertThat(run.succeeded()).isGreaterThanOrEqualTo(12);
  }

  @ParameterizedTest
  @EnumSource(Defect.class)
  void aWrongTrackerIsCaught(Defect wrong) {
    defect = wrong.answer;
    assertThat(KitRun.of(Kit.class).failed()).contains(wrong.caughtBy);
  }

  @Test
  void aTrackerThatAnswersForAnyBaseIsCaught() {
    defect = (question, extents) -> extents;
    assertThat(KitRun.of(AnyBaseKit.class).failed())
        .containsExactly("aBaseThatIsMissingForeignOrNewerIsSaidToBe");
  }

  @Test
  @Tag("slow") // the kit is patient with threads that are about to end
  void aTrackerThatLeavesAThreadIsCaught() {
    defect = (question, extents) -> extents;
    assertThat(KitRun.of(LeakingKit.class).failed())
        .containsExactly("closingTwiceIsHarmlessAndLeavesNoThread");
    LeakingKit.END.countDown();
  }

  enum Defect {
    DROPS_THE_LAST_EXTENT(
        (q, e) -> e.subList(0, Math.max(0, e.size() - 1)),
        "noDifferingByteLiesOutsideWhatIsReported"),
    DROPS_THE_FIRST_ALLOCATED(
        (q, e) -> q.changes() || e.isEmpty() ? e : e.subList(1, e.size()),
        "allocatedCoversEveryByteThatIsNotZero"),
    ENDS_ONE_BYTE_EARLY(
        (q, e) -> map(e, x -> new Extent(x.offset(), Math.max(1, x.length() - 1))),
        "noDifferingByteLiesOutsideWhatIsReported"),
    BEGINS_ONE_BYTE_LATE(
        (q, e) -> map(e, x -> x.length() < 2 ? x : Extent.between(x.offset() + 1, x.end())),
        "theFirstAndTheLastByteAreSeen"),
    IGNORES_THE_OFFSET((q, e) -> q.wholeAnswer(), "anyOffsetResumesTheSameAnswer"),
    DOES_NOT_CUT_AT_THE_OFFSET(
        (q, e) -> q.wholeAnswer().stream().filter(x -> x.end() > q.fromOffset()).toList(),
        "anyOffsetResumesTheSameAnswer"),
    RESUMES_AT_THE_NEXT_EXTENT(
        (q, e) -> q.wholeAnswer().stream().filter(x -> x.offset() >= q.fromOffset()).toList(),
        "anyOffsetResumesTheSameAnswer"),
    ANSWERS_OUT_OF_ORDER((q, e) -> e.reversed(), "noDifferingByteLiesOutsideWhatIsReported"),
    REPEATS_AN_EXTENT(
        (q, e) -> {
          List<Extent> twice = new ArrayList<>(e);
          e.stream().findFirst().ifPresent(first -> twice.add(0, first));
          return twice;
        },
        "noDifferingByteLiesOutsideWhatIsReported"),
    RUNS_PAST_THE_END(
        (q, e) ->
            e.isEmpty() ? e : List.of(Extent.between(e.getFirst().offset(), q.sizeBytes() + 4096)),
        "noDifferingByteLiesOutsideWhatIsReported"),
    FORGETS_WHAT_GREW(
        (q, e) -> q.changes() ? Extents.clip(e, new Extent(0, 4 << 20)) : e,
        "aGrownVolumeIsReportedToItsEnd"),
    REPORTS_EVERYTHING_ALWAYS(
        (q, e) ->
            q.fromOffset() < q.sizeBytes()
                ? List.of(Extent.between(q.fromOffset(), q.sizeBytes()))
                : List.of(),
        "noChangeIsReportedAsNone");

    private final Answer answer;
    private final String caughtBy;

    Defect(Answer answer, String caughtBy) {
      this.answer = answer;
      this.caughtBy = caughtBy;
    }

    private static List<Extent> map(List<Extent> extents, UnaryOperator<Extent> change) {
      return extents.stream().map(change).toList();
    }
  }

  /** Turns a right answer into a wrong one. */
  interface Answer {
    List<Extent> of(Question question, List<Extent> right);
  }

  record Question(boolean changes, long fromOffset, long sizeBytes, List<Extent> wholeAnswer) {}

  static class Kit extends ChangeTrackerConformance {
    final MemoryTrackedVolumes volumes = new MemoryTrackedVolumes();

    @Override
    protected TrackedVolume createVolume(long sizeBytes) {
      return volumes.createVolume(sizeBytes);
    }

    @Override
    protected ChangeTrackerProvider provider() {
      return new WrongProvider(volumes) {
        @Override
        public ChangeTracker open(SnapshotReference target) throws MoverException {
          return new WrongTracker(volumes.open(target), target.sizeBytes());
        }
      };
    }
  }

  static final class AnyBaseKit extends Kit {
    @Override
    protected ChangeTrackerProvider provider() {
      return new WrongProvider(volumes) {
        @Override
        public ChangeTracker open(SnapshotReference target) throws MoverException {
          return new WrongTracker(volumes.open(target), target.sizeBytes()) {
            @Override
            public ExtentCursor changedSince(ChangeId base, long from) throws MoverException {
              try {
                return super.changedSince(base, from);
              } catch (BaseSnapshotMissing e) {
                return ExtentCursor.of(List.of());
              }
            }
          };
        }
      };
    }
  }

  static final class LeakingKit extends Kit {
    static final CountDownLatch END = new CountDownLatch(1);

    @Override
    protected ChangeTrackerProvider provider() {
      return new WrongProvider(volumes) {
        @Override
        public ChangeTracker open(SnapshotReference target) throws MoverException {
          return new WrongTracker(volumes.open(target), target.sizeBytes()) {
            @Override
            public ExtentCursor allocated(long from) throws MoverException {
              Thread.ofPlatform().daemon().name("leaked").start(LeakingKit::linger);
              return super.allocated(from);
            }
          };
        }
      };
    }

    private static void linger() {
      try {
        END.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private abstract static class WrongProvider implements ChangeTrackerProvider {
    private final MemoryTrackedVolumes volumes;

    WrongProvider(MemoryTrackedVolumes volumes) {
      this.volumes = volumes;
    }

    @Override
    public String name() {
      return volumes.name();
    }

    @Override
    public Applicability applicability(SnapshotReference target) {
      return volumes.applicability(target);
    }
  }

  private static class WrongTracker implements ChangeTracker {
    private final ChangeTracker right;
    private final long sizeBytes;

    WrongTracker(ChangeTracker right, long sizeBytes) {
      this.right = right;
      this.sizeBytes = sizeBytes;
    }

    @Override
    public ExtentQuality quality() {
      return right.quality();
    }

    @Override
    public Optional<ChangeId> changeId() {
      return right.changeId();
    }

    @Override
    public ExtentCursor allocated(long from) throws MoverException {
      List<Extent> whole = Extents.drain(right.allocated(0));
      List<Extent> answer = Extents.drain(right.allocated(from));
      return ExtentCursor.of(defect.of(new Question(false, from, sizeBytes, whole), answer));
    }

    @Override
    public ExtentCursor changedSince(ChangeId base, long from) throws MoverException {
      List<Extent> whole = Extents.drain(right.changedSince(base, 0));
      List<Extent> answer = Extents.drain(right.changedSince(base, from));
      return ExtentCursor.of(defect.of(new Question(true, from, sizeBytes, whole), answer));
    }

    @Override
    public void close() {
      right.close();
    }
  }
}
