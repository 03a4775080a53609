package io.blockmover.repository.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackNumbersTest {

  @Test
  void holdsWhatAMapHolds() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Map<PackName, Long> expected = new HashMap<>();
    PackNumbers numbers = new PackNumbers();
    for (int i = 0; i < 20_000; i++) {
      int counter = random.nextInt(10) == 0 ? random.nextInt() : random.nextInt(500);
      PackName pack = new PackName(random.nextInt(3), 7, random.nextInt(2), counter);
      long number = random.nextInt(1000);
      switch (random.nextInt(3)) {
        case 0 -> {
          numbers.add(pack, number);
          expected.merge(pack, number, Long::sum);
        }
        case 1 -> {
          numbers.put(pack, number);
          expected.put(pack, number);
        }
        default -> assertThat(numbers.remove(pack)).isEqualTo(expected.remove(pack) != null);
      }
      assertThat(numbers.size()).isEqualTo(expected.size());
    }
    Map<PackName, Long> visited = new HashMap<>();
    numbers.forEach((pack, number) -> assertThat(visited.put(pack, number)).isNull());
    assertThat(visited).isEqualTo(expected);
    expected.forEach((pack, number) -> assertThat(numbers.of(pack)).hasValue(number));
    assertThat(numbers.has(new PackName(9, 9, 9, 9))).isFalse();
  }

  @Test
  void takesAboutTenBytesForEachPackOfALongRun() {
    System.gc();
    long before = used();
    PackNumbers numbers = new PackNumbers();
    int packs = 3_200_000; // of 32 MiB: 100 TiB
    for (int counter = 0; counter < packs; counter++) {
      numbers.put(new PackName(1, 2, 3, counter), counter);
    }
    System.gc();
    assertThat((used() - before) / packs).isLessThan(16);
    assertThat(numbers.of(new PackName(1, 2, 3, packs - 1))).hasValue(packs - 1);
  }

  private static long used() {
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
