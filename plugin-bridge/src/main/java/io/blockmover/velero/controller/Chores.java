package io.blockmover.velero.controller;

import io.blockmover.api.MoverException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does chores, until it is closed. */
final class Chores implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Chores.class);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("chores").unstarted(task));

  void start(List<Chore> chores) {
    for (Chore chore : chores) {
      long millis = chore.every().toMillis();
      var scheduled =
          thread.scheduleWithFixedDelay(() -> run(chore), millis, millis, TimeUnit.MILLISECONDS);
      if (scheduled.isCancelled()) {
        throw new IllegalStateException("it was closed before it began");
      }
    }
  }

  static void run(Chore chore) {
    try {
      chore.job().run();
    } catch (MoverException e) {
      log.warn("{}: {}; {}; it is tried again", chore.name(), e.getMessage(), e.advice());
    } catch (RuntimeException e) {
      log.error("{}: a fault of blockmover itself", chore.name(), e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
