package io.blockmover.velero.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.api.ClusterUnavailable;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.transfer.TransferKind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkersTest {

  private static final TransferKey KEY =
      new TransferKey(TransferKind.UPLOAD, new ObjectName("velero", "a"));
  private static final TransferKey OTHER =
      new TransferKey(TransferKind.UPLOAD, new ObjectName("velero", "b"));

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final WorkQueue queue = new WorkQueue(() -> now);
  private final Deque<Reconciler> steps = new ArrayDeque<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Workers workers =
      new Workers(
          queue,
          Map.of(TransferKind.UPLOAD, name -> steps.pop().reconcile(name)),
          new ControllerMeters(registry),
          () -> now);

  private void step() {
    workers.step(queue.poll().orElseThrow());
  }

  @Test
  void aTransferStandsInTheQueueOnceAtItsEarliestTime() {
    queue.add(KEY, Duration.ofMinutes(1));
    queue.add(KEY, Duration.ofSeconds(1));
    queue.add(KEY, Duration.ofMinutes(2));
    assertThat(queue.poll()).isEmpty();
    now = now.plusSeconds(1);
    assertThat(queue.poll()).contains(KEY);
    assertThat(queue.poll()).isEmpty();
  }

  @Test
  void oneThatIsBeingLookedAtIsGivenToNobodyElseAndNotForgotten() {
    queue.add(KEY, Duration.ZERO);
    assertThat(queue.poll()).contains(KEY);
    queue.add(KEY, Duration.ZERO);
    queue.add(OTHER, Duration.ZERO);
    assertThat(queue.poll()).contains(OTHER);
    assertThat(queue.poll()).isEmpty();
    queue.done(KEY);
    assertThat(queue.poll()).contains(KEY);
  }

  @Test
  void itIsLookedAtAgainWhenItSaysSo() {
    steps.add(name -> new Next.Now());
    steps.add(name -> new Next.After(Duration.ofSeconds(10)));
    steps.add(name -> new Next.Done());
    queue.add(KEY, Duration.ZERO);
    step();
    step();
    assertThat(queue.poll()).isEmpty();
    now = now.plusSeconds(10);
    step();
    now = now.plus(Duration.ofDays(1));
    assertThat(queue.poll()).isEmpty();
  }

  @Test
  void aConflictIsTriedAgainAtOnce() {
    steps.add(
        name -> {
          throw ClusterObjectUnusable.conflict("changed", "", null);
        });
    queue.add(KEY, Duration.ZERO);
    step();
    now = now.plusMillis(50);
    assertThat(queue.poll()).contains(KEY);
  }

  @Test
  void whatFailsIsTriedAgainLaterAndLater() {
    queue.add(KEY, Duration.ZERO);
    for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 64, 64}) {
      steps.add(
          name -> {
            throw new ClusterUnavailable("away", "", null);
          });
      step();
      now = now.plusSeconds(seconds).minusMillis(1);
      assertThat(queue.poll()).isEmpty();
      now = now.plusMillis(1);
    }
    steps.add(name -> new Next.Now());
    step();
    assertThat(registry.counter("blockmover.controller.steps", "outcome", "failed").count())
        .isEqualTo(8);
  }

  @Test
  void aFaultOfOursStopsNobody() {
    steps.add(
        name -> {
          throw new IllegalStateException("a fault");
        });
    steps.add(name -> new Next.Done());
    queue.add(KEY, Duration.ZERO);
    step();
    now = now.plusSeconds(1);
    step();
    assertThat(steps).isEmpty();
  }
}
