package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.cli.output.Output;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.repository.Parallel;
import io.blockmover.repository.Repository;
import io.blockmover.repository.gc.GarbageCollection;
import io.blockmover.repository.gc.GcOptions;
import io.blockmover.repository.gc.GcReport;
import io.blockmover.repository.gc.GcWatch;
import io.blockmover.repository.session.SessionHost;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Collects garbage where a person watches it and can stop it. */
final class GcWork {

  /** As many as hide a store's delay without being a burden to it. */
  private static final int REQUESTS = 16;

  private final Output output;
  private final Interruption interruption;
  private final OpenRepository open;

  GcWork(Output output, Interruption interruption, OpenRepository open) {
    this.output = output;
    this.interruption = interruption;
    this.open = open;
  }

  GcReport run(GcOptions options) throws MoverException {
    return new Jobs(output, interruption)
        .run(
            "gc",
            open.progress(),
            "what was deleted is gone, and nothing else is lost",
            (progress, cancellation) ->
                collect(open.repository(), options, progress, cancellation));
  }

  private static GcReport collect(
      Repository repository, GcOptions options, Progress progress, Cancellation cancellation)
      throws MoverException {
    GcWatch watch =
        new GcWatch() {
          @Override
          public void check() throws MoverException {
            cancellation.check();
          }

          @Override
          public void freed(long packBytes) {
            progress.done(packBytes);
          }
        };
    progress.phase(Progress.Phase.CHECKING);
    ScheduledExecutorService beats =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("heartbeat").daemon().factory());
    ExecutorService requests =
        Executors.newFixedThreadPool(
            REQUESTS, Thread.ofPlatform().name("gc-", 0).daemon().factory());
    try {
      SessionHost host = SessionHost.current(Host.name(), "blockmover", beats);
      return new GarbageCollection(
              repository, host, options, watch, new Parallel(requests, REQUESTS))
          .run();
    } finally {
      requests.shutdownNow();
      beats.shutdownNow();
    }
  }
}
