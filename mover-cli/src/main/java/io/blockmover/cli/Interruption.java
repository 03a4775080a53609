package io.blockmover.cli;

import io.blockmover.engine.progress.Cancellation;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C and SIGTERM: a job that runs is asked to stop and waited for, so that what it has made
 * durable stays known; anything else ends at once.
 */
final class Interruption {

  /** Longer than any one request to a store may take. */
  private static final long PATIENCE_SECONDS = 120;

  private final CountDownLatch finished = new CountDownLatch(1);
  private @Nullable Cancellation running;
  private volatile boolean requested;
  private volatile int exitCode = ExitCode.INTERRUPTED;

  /** Watches for the signals of this process. */
  static Interruption ofProcess() {
    Interruption interruption = new Interruption();
    Runtime.getRuntime().addShutdownHook(new Thread(interruption::onShutdown, "interruption"));
    return interruption;
  }

  /** A job that can be stopped until {@link Scope#close()}. */
  Scope running(Cancellation cancellation) {
    synchronized (this) {
      running = cancellation;
    }
    if (requested) {
      cancellation.request();
    }
    return () -> {
      synchronized (this) {
        running = null;
      }
    };
  }

  /** Whether the user asked to stop. */
  boolean requested() {
    return requested;
  }

  /** As if Ctrl-C had been pressed. */
  boolean request() {
    requested = true;
    synchronized (this) {
      if (running != null) {
        running.request();
      }
      return running != null;
    }
  }

  /** The command is done with everything, and this is its exit code. */
  void finished(int code) {
    exitCode = code;
    finished.countDown();
  }

  private void onShutdown() {
    if (finished.getCount() == 0) {
      return;
    }
    boolean worthWaiting = request();
    try {
      if (worthWaiting) {
        System.err.println("\nmover: stopping cleanly ...");
        if (!finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          System.err.println("mover: the job did not stop in time and is cut off");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // The JVM would answer SIGTERM with 143; scripts see one code for both signals.
    Runtime.getRuntime().halt(finished.getCount() == 0 ? exitCode : ExitCode.INTERRUPTED);
  }

  /** While it is open, signals stop the job. */
  interface Scope extends AutoCloseable {
    @Override
    void close();
  }
}
