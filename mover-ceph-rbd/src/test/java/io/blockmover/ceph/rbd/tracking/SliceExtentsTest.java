package io.blockmover.ceph.rbd.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.Extent;
import org.junit.jupiter.api.Test;

class SliceExtentsTest {

  private static final Extent RANGE = Extent.between(1000, 9000);

  @Test
  void extentsThatTouchAreOne() {
    SliceExtents extents = new SliceExtents(RANGE, 10, () -> false);
    assertThat(extents.extent(1000, 500, true)).isTrue();
    assertThat(extents.extent(1500, 500, false)).isTrue();
    assertThat(extents.extent(4000, 1, true)).isTrue();
    assertThat(extents.count()).isEqualTo(2);
    assertThat(extents.get(0)).isEqualTo(Extent.between(1000, 2000));
    assertThat(extents.get(1)).isEqualTo(Extent.between(4000, 4001));
  }

  @Test
  void whatIsTooMuchIsLeftForTheNextQuestion() {
    SliceExtents extents = new SliceExtents(RANGE, 1, () -> false);
    assertThat(extents.extent(2000, 100, true)).isTrue();
    assertThat(extents.extent(2100, 100, true)).isTrue();
    assertThat(extents.extent(5000, 100, true)).isFalse();
    assertThat(extents.toldTo()).isEqualTo(2200);
    assertThat(extents.count()).isEqualTo(1);
  }

  @Test
  void anotherOrderIsAVersionThatCannotBeUsed() {
    SliceExtents extents = new SliceExtents(RANGE, 10, () -> false);
    assertThat(extents.extent(4000, 100, true)).isTrue();
    assertThatThrownBy(() -> extents.extent(2000, 100, true))
        .isInstanceOf(DisorderedDiff.class)
        .hasMessageContaining("offset 2000 after 4100");
  }

  @Test
  void nothingIsTakenWhenItIsCancelled() {
    assertThat(new SliceExtents(RANGE, 10, () -> true).extent(4000, 100, true)).isFalse();
  }
}
