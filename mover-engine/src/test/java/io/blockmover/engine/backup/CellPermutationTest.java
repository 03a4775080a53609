package io.blockmover.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CellPermutationTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 7, 64, 1000, 4097})
  void everyCellHasItsTurnOnce(long cells) {
    CellPermutation order = new CellPermutation(new byte[32], cells);
    Set<Long> seen = new HashSet<>();
    for (long place = 0; place < cells; place++) {
      assertThat(order.at(place)).isBetween(0L, cells - 1);
      seen.add(order.at(place));
    }
    assertThat(seen).hasSize((int) cells);
  }

  @org.junit.jupiter.api.Test
  void anotherKeyIsAnotherOrder() {
    byte[] other = new byte[32];
    other[0] = 1;
    CellPermutation one = new CellPermutation(new byte[32], 1L << 40);
    CellPermutation two = new CellPermutation(other, 1L << 40);
    assertThat(one.at(0)).isNotEqualTo(two.at(0));
    assertThat(one.at(0)).isNotEqualTo(one.at(1));
  }
}
