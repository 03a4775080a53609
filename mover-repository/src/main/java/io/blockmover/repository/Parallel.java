package io.blockmover.repository;

import io.blockmover.api.Cancelled;
import io.blockmover.api.MoverException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/**
 * Sends a few requests at once, in threads that somebody lends: the simulation lends none, and owns
 * the order of all requests. Thread-safe.
 *
 * @param executor runs each request; shutting it down is its owner's
 * @param width how many requests are under way at most
 */
public record Parallel(Executor executor, int width) {

  /** One request after the other, in the calling thread. */
  public static final Parallel NONE = new Parallel(Runnable::run, 1);

  /**
   * @throws IllegalArgumentException if nothing could ever be sent
   */
  public Parallel {
    if (width < 1) {
      throw new IllegalArgumentException("width " + width);
    }
  }

  /** What is done with each item. */
  public interface Task<T, R> {
    R run(T item) throws MoverException;
  }

  /**
   * Does something with each item. Blocks until nothing of it is under way any more.
   *
   * @return the results, in the order of the items
   * @throws MoverException what the first item, in their order, failed with
   * @throws Cancelled if the thread was interrupted
   */
  public <T, R> List<R> map(List<T> items, Task<T, R> task) throws MoverException {
    List<R> results = new ArrayList<>(items.size());
    Deque<FutureTask<R>> underWay = new ArrayDeque<>();
    Iterator<T> left = items.iterator();
    try {
      while (left.hasNext() || !underWay.isEmpty()) {
        while (left.hasNext() && underWay.size() < width) {
          T item = left.next();
          FutureTask<R> request = new FutureTask<>(() -> task.run(item));
          underWay.add(request);
          executor.execute(request);
        }
        results.add(result(underWay.remove()));
      }
    } finally {
      underWay.forEach(Parallel::end);
    }
    return results;
  }

  private static <R> R result(FutureTask<R> request) throws MoverException {
    try {
      return request.get();
    } catch (InterruptedException e) {
      request.cancel(true);
      Thread.currentThread().interrupt();
      throw new Cancelled("interrupted while requests were under way", "", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case MoverException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  /** Of a failed run, what is under way is not left behind: it may use what is closed next. */
  private static void end(FutureTask<?> request) {
    if (request.cancel(false)) {
      return;
    }
    boolean interrupted = false;
    while (!request.isDone()) {
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
