package io.blockmover.engine.backup;

import io.blockmover.api.Cancelled;
import io.blockmover.api.MoverException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs the same task on several platform threads and ends all of them when one fails. */
final class Workers {

  /** One thread's whole work. */
  interface Task {
    void run() throws MoverException, InterruptedException;
  }

  private final List<Thread> threads = new ArrayList<>();
  private @Nullable Throwable failure;

  private Workers() {}

  /**
   * Runs the tasks to their end.
   *
   * @throws MoverException the first that a task threw; the others have been interrupted and ended
   * @throws Cancelled if the calling thread is interrupted
   */
  static void run(String name, List<? extends Task> tasks) throws MoverException {
    Workers workers = new Workers();
    for (int i = 0; i < tasks.size(); i++) {
      Task task = tasks.get(i);
      workers.threads.add(
          Thread.ofPlatform().name(name + "-" + i).daemon().unstarted(() -> workers.guard(task)));
    }
    workers.threads.forEach(Thread::start);
    workers.join();
  }

  private void guard(Task task) {
    try {
      task.run();
    } catch (MoverException | RuntimeException | Error e) {
      fail(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(new Cancelled("the work was interrupted", ""));
    }
  }

  private synchronized void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
      threads.stream().filter(t -> !t.equals(Thread.currentThread())).forEach(Thread::interrupt);
    }
  }

  private void join() throws MoverException {
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
          threads.forEach(Thread::interrupt);
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    rethrow();
  }

  private synchronized void rethrow() throws MoverException {
    switch (failure) {
      case null -> {}
      case MoverException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }
}
