package io.blockmover.ceph.rbd.tracking;

import io.blockmover.api.Cancelled;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.DiffMode;
import io.blockmover.ceph.rbd.librbd.DiffQuery;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A diff in parts, several of them at once, delivered in order. Nothing of a part is delivered
 * before somebody has looked, after that part was asked, that both ends of the diff were still
 * there: librbd does not notice.
 */
final class SlicedDiff implements ExtentCursor {

  /** What to ask. */
  record Plan(long baseSnapshotId, Extent range, DiffMode mode, long sliceBytes, int mostExtents) {

    /** The part that begins at an offset; parts end at multiples of their size. */
    DiffQuery slice(long from) {
      long end = Math.min(range.end(), (from / sliceBytes + 1) * sliceBytes);
      return new DiffQuery(baseSnapshotId, Extent.between(from, end), mode);
    }
  }

  /** Looks whether both ends are there. */
  interface Ends {
    void requireStillThere() throws CephFailure, MoverException;
  }

  /** Turns failures of librbd into those of trackers. */
  interface Failures {
    /**
     * What to throw for one.
     *
     * @param resumeOffset from where it could be asked again
     */
    MoverException of(CephFailure failure, long resumeOffset);
  }

  private record Asked(DiffQuery query, Future<DiffTeam.Answer> answer) {}

  private final DiffTeam team;
  private final Plan plan;
  private final Ends ends;
  private final Failures failures;
  private final int ahead;
  private final Deque<Asked> asked = new ArrayDeque<>();
  private long nextSlice;
  private long lookedNanos = Long.MIN_VALUE;
  private boolean looked;
  private DiffTeam.@Nullable Answer current;
  private int index;
  private long position;
  private @Nullable Extent held;

  /**
   * @param team closed with this
   * @param ahead parts that are asked before they are wanted
   */
  SlicedDiff(DiffTeam team, Plan plan, Ends ends, Failures failures, int ahead) {
    this.team = team;
    this.plan = plan;
    this.ends = ends;
    this.failures = failures;
    this.ahead = ahead;
    this.nextSlice = plan.range().offset();
    this.position = plan.range().offset();
  }

  @Override
  public @Nullable Extent next() throws MoverException {
    while (true) {
      Extent raw = raw();
      Extent before = held;
      if (raw != null && before != null && before.end() == raw.offset()) {
        held = Extent.between(before.offset(), raw.end());
        continue;
      }
      held = raw;
      if (before != null || raw == null) {
        return before;
      }
    }
  }

  /** The next one as it was told; null at the end. */
  private @Nullable Extent raw() throws MoverException {
    while (current == null || index == current.extents().count()) {
      if (position >= plan.range().end()) {
        return null;
      }
      current = nextAnswer();
      index = 0;
      position = current.to();
    }
    return current.extents().get(index++);
  }

  private DiffTeam.Answer nextAnswer() throws MoverException {
    while (asked.size() < ahead && nextSlice < plan.range().end()) {
      Asked slice = ask(plan.slice(nextSlice));
      asked.addLast(slice);
      nextSlice = slice.query().range().end();
    }
    Asked slice = asked.removeFirst();
    try {
      DiffTeam.Answer answer = slice.answer().get();
      if (!looked || answer.finishedNanos() - lookedNanos > 0) {
        long now = System.nanoTime();
        ends.requireStillThere();
        looked = true;
        lookedNanos = now;
      }
      if (answer.to() < slice.query().range().end()) {
        asked.addFirst(ask(plan.slice(answer.to()))); // the rest of what was too much
      }
      return answer;
    } catch (CephFailure e) {
      throw failures.of(e, resumeOffset());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CephFailure failure) {
        throw failures.of(failure, resumeOffset());
      }
      if (e.getCause() instanceof DisorderedDiff disorder) {
        throw new TrackingUnavailable(
            disorder.getMessage(), "install librbd of Ceph 18.2.5 or later beside the mover");
      }
      throw new IllegalStateException("a diff failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("interrupted while librbd was asked what changed", "");
    }
  }

  private long resumeOffset() {
    return held == null ? position : held.offset();
  }

  private Asked ask(DiffQuery query) {
    return new Asked(query, team.ask(query, plan.mostExtents()));
  }

  @Override
  public void close() {
    team.close();
  }
}
