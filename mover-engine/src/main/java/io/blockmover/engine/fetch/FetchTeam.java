package io.blockmover.engine.fetch;

import io.blockmover.api.Cancelled;
import io.blockmover.api.MoverException;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.repository.crypto.KeySet;
import io.blockmover.repository.fingerprint.PieceFingerprint;
import io.blockmover.repository.pack.ChunkReader;
import io.blockmover.repository.pack.DataKeys;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A fixed team of threads and the jobs that wait for them. One thread submits and waits for room;
 * the first failure ends everything and comes back to that thread.
 */
public final class FetchTeam implements AutoCloseable {

  /** How often a waiting thread looks whether it should stop. */
  private static final long LOOK_MILLIS = 50;

  private final Cancellation cancellation;
  private final int count;
  private final Deque<Job> waiting = new ArrayDeque<>();
  private final List<Thread> threads = new ArrayList<>();
  private @Nullable Throwable failure;
  private int unfinished;
  private volatile boolean ended;

  /**
   * Memory of the team.
   *
   * @param count of threads
   * @param storedBytes room of each for one fetch, a multiple of 4096
   * @param plainBytes room of each for chunks, a multiple of 4096
   */
  public record Size(int count, int storedBytes, int plainBytes) {}

  public FetchTeam(
      Size size, DataKeys dataKeys, KeySet keys, Cancellation cancellation, String name) {
    this.cancellation = cancellation;
    this.count = size.count();
    long[] words = PieceFingerprint.keyWords(keys.fingerprintKey());
    Supplier<ChunkReader> readers = () -> new ChunkReader(dataKeys, keys);
    for (int i = 0; i < count; i++) {
      Runnable task =
          () -> work(size, readers, () -> new PieceFingerprint(keys.fingerprintKey(), words));
      threads.add(Thread.ofPlatform().name(name + "-" + i).daemon().start(task));
    }
  }

  private void work(
      Size size, Supplier<ChunkReader> readers, Supplier<PieceFingerprint> fingerprints) {
    try (Worker worker =
        new Worker(
            this, readers.get(), fingerprints.get(), size.storedBytes(), size.plainBytes())) {
      Job job = next();
      while (job != null) {
        job.run(worker);
        finished();
        job = next();
      }
    } catch (MoverException | RuntimeException | Error e) {
      fail(e);
    }
  }

  private synchronized @Nullable Job next() throws Cancelled {
    try {
      while (waiting.isEmpty() && !ended) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("interrupted while waiting for work", "", e);
    }
    notifyAll();
    return ended ? null : waiting.poll();
  }

  private synchronized void finished() {
    unfinished--;
    notifyAll();
  }

  private synchronized void fail(Throwable e) {
    if (failure == null && !ended) {
      failure = e;
    }
    ended = true;
    notifyAll();
  }

  void requireGoingOn() throws Cancelled {
    cancellation.check();
    if (ended) {
      throw new Cancelled("stopped because other work failed", "");
    }
  }

  /**
   * Hands a job over; waits while many wait already.
   *
   * @throws MoverException what the first job that failed threw
   * @throws Cancelled if a stop was asked for or the thread is interrupted
   */
  public synchronized void submit(Job job) throws MoverException {
    while (waiting.size() >= 2 * count) {
      look();
    }
    requireHealthy();
    waiting.add(job);
    unfinished++;
    notifyAll();
  }

  /**
   * Waits until all jobs are done.
   *
   * @throws MoverException as {@link #submit}
   */
  public synchronized void await() throws MoverException {
    while (unfinished > 0) {
      look();
    }
    requireHealthy();
  }

  @SuppressWarnings("WaitNotInLoop") // both callers loop
  private void look() throws MoverException {
    requireHealthy();
    cancellation.check();
    try {
      wait(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("interrupted while waiting for workers", "", e);
    }
  }

  private void requireHealthy() throws MoverException {
    Throwable first = failure;
    switch (first) {
      case null -> {}
      case MoverException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(first);
    }
  }

  /** Ends all threads and waits until they are gone; jobs that still wait are dropped. */
  @Override
  public void close() {
    synchronized (this) {
      boolean busy = unfinished > 0;
      ended = true;
      notifyAll();
      if (busy) {
        threads.forEach(Thread::interrupt);
      }
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
