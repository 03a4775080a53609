package io.blockmover.velero.controller;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What has to be looked at, and when. Each transfer stands in it once, at the earliest time that
 * anybody asked for, and is given to one thread at a time. Thread-safe.
 */
final class WorkQueue {

  private static final long LONGEST_WAIT_MILLIS = 1000;

  private final InstantSource clock;
  private final Map<TransferKey, Instant> due = new HashMap<>();
  private final Set<TransferKey> running = new HashSet<>();
  private boolean closed;

  WorkQueue(InstantSource clock) {
    this.clock = clock;
  }

  /** To be looked at after a while, or earlier if somebody else wants it. */
  synchronized void add(TransferKey key, Duration delay) {
    due.merge(key, clock.instant().plus(delay), (a, b) -> a.isBefore(b) ? a : b);
    notifyAll();
  }

  /** The one that has waited longest; nobody else gets it until it is {@link #done}. */
  synchronized Optional<TransferKey> poll() {
    Instant now = clock.instant();
    Optional<TransferKey> first =
        due.entrySet().stream()
            .filter(entry -> !entry.getValue().isAfter(now) && !running.contains(entry.getKey()))
            .min(Map.Entry.comparingByValue(Comparator.naturalOrder()))
            .map(Map.Entry::getKey);
    first.ifPresent(
        key -> {
          due.remove(key);
          running.add(key);
        });
    return first;
  }

  /** As {@link #poll}, but waits; empty when the queue is closed. */
  synchronized Optional<TransferKey> take() throws InterruptedException {
    while (!closed) {
      Optional<TransferKey> found = poll();
      if (found.isPresent()) {
        return found;
      }
      wait(wait(clock.instant()));
    }
    return Optional.empty();
  }

  private long wait(Instant now) {
    return due.entrySet().stream()
        .filter(entry -> !running.contains(entry.getKey()))
        .mapToLong(entry -> Duration.between(now, entry.getValue()).toMillis() + 1)
        .map(millis -> Math.clamp(millis, 1, LONGEST_WAIT_MILLIS))
        .min()
        .orElse(LONGEST_WAIT_MILLIS);
  }

  synchronized void done(TransferKey key) {
    running.remove(key);
    notifyAll();
  }

  synchronized int size() {
    return due.size();
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
