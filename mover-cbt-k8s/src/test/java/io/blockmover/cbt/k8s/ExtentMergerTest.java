package io.blockmover.cbt.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExtentMergerTest {

  private static final long GIB = 1L << 30;

  private final ExtentMerger merger = new ExtentMerger();

  @Test
  void whatTouchesIsJoinedAndWhatDoesNotIsNot() {
    merger.add(0, 10);
    merger.add(10, 20);
    merger.add(21, 30);
    merger.flush();
    assertThat(drain()).containsExactly(Extent.between(0, 20), Extent.between(21, 30));
  }

  @Test
  void nothingIsHandedOutThatCouldStillGrow() {
    merger.add(0, 10);
    assertThat(drain()).isEmpty();
  }

  @Test
  void aLongRunIsCutAtGibibytesWhereverItBegins() {
    merger.add(5, GIB);
    merger.add(GIB, 3 * GIB - 7);
    merger.add(3 * GIB - 7, 3 * GIB + 1);
    assertThat(drain())
        .containsExactly(
            Extent.between(5, GIB), Extent.between(GIB, 2 * GIB), Extent.between(2 * GIB, 3 * GIB));
    merger.flush();
    assertThat(drain()).containsExactly(new Extent(3 * GIB, 1));
  }

  @Test
  void theEndOfTheNumbersIsReached() {
    merger.add(Long.MAX_VALUE - 5, Long.MAX_VALUE);
    merger.flush();
    assertThat(drain()).containsExactly(Extent.between(Long.MAX_VALUE - 5, Long.MAX_VALUE));
  }

  private List<Extent> drain() {
    List<Extent> extents = new ArrayList<>();
    for (Extent e = merger.poll(); e != null; e = merger.poll()) {
      extents.add(e);
    }
    return extents;
  }
}
