package io.blockmover.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtentTest {

  @ParameterizedTest
  @CsvSource({"-1,1", "0,0", "0,-1", "9223372036854775807,1"})
  void anEmptyNegativeOrOverflowingRangeIsNoExtent(long offset, long length) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Extent(offset, length));
  }

  @Test
  void touchingExtentsDoNotOverlap() {
    assertThat(new Extent(0, 10).overlaps(new Extent(10, 5))).isFalse();
    assertThat(new Extent(0, 11).overlaps(new Extent(10, 5))).isTrue();
  }

  @Test
  void betweenTakesTheEndAsExclusive() {
    assertThat(Extent.between(5, 8)).isEqualTo(new Extent(5, 3));
  }
}
