package io.blockmover.testkit;

import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Where random tests get their seeds: a new one each time, printed, or the one given as {@code
 * -Dtest.seed}.
 */
public final class TestSeed {

  private TestSeed() {}

  /** A generator with a printed seed. */
  @SuppressWarnings("SystemOut") // that is where a test's output is looked for
  public static Random random(String test) {
    Long given = Long.getLong("test.seed");
    long seed = given != null ? given : ThreadLocalRandom.current().nextLong();
    System.out.println(test + ": repeat with -Dtest.seed=" + seed);
    return new Random(seed);
  }
}
