package io.blockmover.repository.gc;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.testkit.TestSeed;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the simulation is worth: each variant of the protocol that is known to lose backups is found
 * by it, the classes of production being fooled by stores that lie.
 */
@Tag("slow")
final class BrokenVariantsTest {

  private static final int MAX_SCHEDULES = Integer.getInteger("gc.variant.schedules", 3000);

  static Stream<Arguments> variants() {
    return Stream.of(
        Arguments.of(
            "early listing", Simulation.Variant.collector(BrokenStores::listingManifestsOnce)),
        Arguments.of(
            "enumerate v/", Simulation.Variant.collector(BrokenStores::hidingPendingManifests)),
        Arguments.of("delete first", Simulation.Variant.collector(BrokenStores::publishingNothing)),
        Arguments.of("own list", Simulation.Variant.collector(BrokenStores::neverLosing)),
        Arguments.of("heartbeat", Simulation.Variant.collector(BrokenStores::buryingNobody)),
        Arguments.of(
            "check first", Simulation.Variant.writer(BrokenStores::lookingOnlyAtTheBeginning)),
        Arguments.of(
            "newest list",
            Simulation.Variant.writer(BrokenStores.seeing(BrokenStores::newestList))),
        Arguments.of(
            "no floor", Simulation.Variant.writer(BrokenStores.seeing(BrokenStores::noFloor))),
        Arguments.of(
            "no plan", Simulation.Variant.writer(BrokenStores.seeing(BrokenStores::noPlan))),
        Arguments.of("late epoch", Simulation.Variant.writer(BrokenStores::countingThePlanAsFinal)),
        Arguments.of("no re-read", Simulation.Variant.writer(BrokenStores::lookingOnce)),
        Arguments.of("survey: own", Simulation.Variant.writer(BrokenStores::trustingItsOwnPacks)),
        Arguments.of("re-offer", Simulation.Variant.writer(BrokenStores::offeringAgain)),
        Arguments.of("ABA", Simulation.Variant.collector(BrokenStores::buryingInVain)),
        Arguments.of(
            "HEAD removed", Simulation.Variant.forgetter(BrokenStores::removingEmptyHeads)),
        Arguments.of("412 = failed", Simulation.Variant.writer(BrokenStores::believing412)),
        Arguments.of("cancel", Simulation.Variant.writer(BrokenStores::givingUpWithoutABump)),
        Arguments.of(
            "repack without a look",
            Simulation.Variant.collector(BrokenStores::repackingWithoutALook)),
        Arguments.of("no asOf", Simulation.Variant.index()),
        Arguments.of("lease late", Simulation.Variant.reader(BrokenStores::pinningLate)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("variants")
  @SuppressWarnings("SystemOut") // that is where a test's output is looked for
  void isFound(String name, Simulation.Variant variant) throws Exception {
    Random seeds = TestSeed.random("variant " + name);
    int tried = 0;
    AssertionError found = null;
    while (found == null && tried < MAX_SCHEDULES) {
      tried++;
      try {
        new Simulation(seeds.nextLong(), variant).run();
      } catch (AssertionError e) {
        found = e;
      }
    }
    System.out.println(name + ": found after " + tried + " schedules");
    assertThat(found).as("what %s loses", name).isNotNull();
    assertThat(found.getCause())
        .as("what was found")
        .hasMessageMatching(
            "(?s).*(lacks|gone|does not exist|damaged|said to have failed).*|.*failed");
    Throwable root = found.getCause().getCause();
    assertThat(root instanceof RuntimeException).as("a mere accident: %s", root).isFalse();
  }
}
