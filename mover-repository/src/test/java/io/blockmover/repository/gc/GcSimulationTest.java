package io.blockmover.repository.gc;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.testkit.TestSeed;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random schedules of all actors. {@code -Dgc.schedules=1000000} for more of them; a failure names
 * the seed of its schedule, and {@code -Dgc.seed=…} repeats that one alone.
 */
@Tag("slow")
final class GcSimulationTest {

  private static final int SCHEDULES = Integer.getInteger("gc.schedules", 300);

  @Test
  @SuppressWarnings("SystemOut") // that is where a test's output is looked for
  void nothingIsLostAndNothingIsLeftWhateverTheOrderOfRequests() throws Exception {
    Long alone = Long.getLong("gc.seed");
    if (alone != null) {
      new Simulation(alone, Simulation.Variant.SOUND).run();
      return;
    }
    Random seeds = TestSeed.random("gc schedules");
    long requests = 0;
    long committed = 0;
    long repacked = 0;
    for (int i = 0; i < SCHEDULES; i++) {
      Simulation simulation = new Simulation(seeds.nextLong(), Simulation.Variant.SOUND);
      requests += simulation.run();
      committed += simulation.committed();
      repacked += simulation.repacked();
    }
    System.out.println(
        SCHEDULES
            + " schedules, "
            + requests
            + " requests, "
            + committed
            + " backups committed, "
            + repacked
            + " in other packs");
    assertThat(committed).isGreaterThan(SCHEDULES);
    assertThat(repacked).isGreaterThan(SCHEDULES / 10);
  }
}
