package io.blockmover.velero.controller;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.velero.transfer.TransferKind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads that give transfers to their reconcilers, and try again what failed. */
final class Workers implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Workers.class);
  private static final Duration CONFLICT = Duration.ofMillis(50);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final int MOST_DOUBLINGS = 6;

  private final WorkQueue queue;
  private final Map<TransferKind, Reconciler> reconcilers;
  private final ControllerMeters meters;
  private final InstantSource clock;
  private final Map<TransferKey, Integer> failures = new ConcurrentHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile Instant alive;

  Workers(
      WorkQueue queue,
      Map<TransferKind, Reconciler> reconcilers,
      ControllerMeters meters,
      InstantSource clock) {
    this.queue = queue;
    this.reconcilers = Map.copyOf(reconcilers);
    this.meters = meters;
    this.clock = clock;
    this.alive = clock.instant();
  }

  void start(int count) {
    for (int i = 0; i < count; i++) {
      threads.add(Thread.ofPlatform().daemon().name("reconcile-" + i).start(this::work));
    }
  }

  private void work() {
    try {
      while (true) {
        var next = queue.take();
        if (next.isEmpty()) {
          return;
        }
        step(next.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One step of one transfer that was taken from the queue. */
  void step(TransferKey key) {
    try {
      Reconciler reconciler = reconcilers.get(key.kind());
      Next next = reconciler == null ? new Next.Done() : reconciler.reconcile(key.name());
      failures.remove(key);
      meters.step(true);
      switch (next) {
        case Next.Now _ -> queue.add(key, Duration.ZERO);
        case Next.After after -> queue.add(key, after.delay());
        case Next.Done _ -> {}
      }
    } catch (MoverException e) {
      retry(key, e);
    } catch (RuntimeException e) {
      log.error("{}: a fault of blockmover itself; it is tried again", key, e);
      retryLater(key);
    } finally {
      alive = clock.instant();
      queue.done(key);
    }
  }

  private void retry(TransferKey key, MoverException e) {
    if (ClusterObjects.conflict(e)) {
      queue.add(key, CONFLICT); // Somebody else wrote: what is right may be another thing now.
      return;
    }
    log.warn("{}: {}; {}", key, e.getMessage(), e.advice());
    retryLater(key);
  }

  private void retryLater(TransferKey key) {
    meters.step(false);
    int count = failures.merge(key, 1, Integer::sum);
    queue.add(key, FIRST_RETRY.multipliedBy(1L << Math.min(count - 1, MOST_DOUBLINGS)));
  }

  /** When a step ended last. */
  Instant alive() {
    return alive;
  }

  @Override
  public void close() {
    queue.close();
    boolean interrupted = false;
    for (Thread thread : threads) {
      try {
        thread.join(Duration.ofSeconds(20));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
