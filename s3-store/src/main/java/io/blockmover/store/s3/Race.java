package io.blockmover.store.s3;

import io.blockmover.api.MoverException;
import io.blockmover.api.StoreUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Lets several turns begin at the same moment. */
final class Race {

  private Race() {}

  /** One racer; returns how often it was told that it won. */
  interface Turn {
    int run() throws MoverException;
  }

  /** The sum of what the turns return. */
  static int run(List<Turn> turns) throws MoverException {
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> running = new ArrayList<>();
      for (Turn turn : turns) {
        running.add(
            threads.submit(
                () -> {
                  start.await();
                  return turn.run();
                }));
      }
      start.countDown();
      int sum = 0;
      for (Future<Integer> result : running) {
        sum += result.get();
      }
      return sum;
    } catch (InterruptedException e) {
      throw LostReplies.cancelled("cannot try out the store", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof MoverException known) {
        throw known;
      }
      throw new StoreUnavailable("cannot race: " + e.getCause(), Duration.ZERO, e);
    }
  }
}
