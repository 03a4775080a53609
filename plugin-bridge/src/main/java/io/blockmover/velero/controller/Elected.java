package io.blockmover.velero.controller;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.settings.BridgeEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Of several processes, lets one have a controller at work. A process that loses the Lease ends: a
 * fresh one is simpler than one that was suspended.
 */
public final class Elected {

  private static final Duration LOOK = Duration.ofMillis(200);
  private static final String LEASE = "blockmover-controller";

  private final Leadership leadership;
  private final InstantSource clock;
  private final Work work;
  private volatile @Nullable Controller controller;
  private final BooleanSupplier stop;

  /** What is done besides, by whoever is elected. */
  public interface Work {

    /** Makes a controller; it is started here. */
    Controller controller();

    /** Called every few seconds; must not block for long. */
    void tick();
  }

  /**
   * @param stop asked often: whether it shall end
   */
  public Elected(
      Cluster cluster,
      BridgeEnvironment environment,
      InstantSource clock,
      Work work,
      BooleanSupplier stop) {
    this.leadership =
        new Leadership(
            cluster.objects(),
            new ObjectName(environment.namespace(), LEASE),
            environment.identity(),
            clock);
    this.clock = clock;
    this.work = work;
    this.stop = stop;
  }

  /**
   * Waits for its turn, then works until it is stopped or somebody else has the Lease.
   *
   * @return whether it was stopped
   */
  public boolean run() throws MoverException, InterruptedException {
    while (!stop.getAsBoolean() && !leadership.tick()) {
      pause();
    }
    if (stop.getAsBoolean()) {
      return true;
    }
    try (Controller mine = work.controller()) {
      controller = mine;
      mine.start();
      while (!stop.getAsBoolean() && leadership.tick()) {
        work.tick();
        pause();
      }
      return stop.getAsBoolean();
    } finally {
      leadership.release();
    }
  }

  private void pause() throws InterruptedException {
    Instant end = clock.instant().plus(Leadership.TICK);
    while (!stop.getAsBoolean() && clock.instant().isBefore(end)) {
      Thread.sleep(LOOK);
    }
  }

  /** Whether it works, or waits for its turn: not if its threads hang. */
  public boolean alive() {
    return Optional.ofNullable(controller).map(Controller::alive).orElse(true);
  }
}
