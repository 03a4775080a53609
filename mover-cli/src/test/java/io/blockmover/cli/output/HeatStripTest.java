package io.blockmover.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import org.junit.jupiter.api.Test;

class HeatStripTest {

  @Test
  void eachPartIsShadedByWhatIsInItAndTheSmallestChangeShows() {
    HeatStrip strip = new HeatStrip(8 << 20, 8);
    strip.addAllocated(new Extent(0, 3 << 20));
    strip.addAllocated(new Extent(4 << 20, 512 << 10));
    strip.addChanged(new Extent((8 << 20) - 512, 512));
    assertThat(strip.allocatedText()).isEqualTo("███ ▒   ");
    assertThat(strip.changedText()).isEqualTo("       ░");
  }

  @Test
  void anExtentAcrossPartsCountsInEach() {
    HeatStrip strip = new HeatStrip(1000, 3);
    strip.addChanged(new Extent(100, 800));
    assertThat(strip.changedText()).isEqualTo("▓█▓");
  }

  @Test
  void aVolumeOfExbibytesAndOneOfFewBytesHaveTheirPicture() {
    HeatStrip huge = new HeatStrip(Long.MAX_VALUE, 64);
    huge.addAllocated(new Extent(0, Long.MAX_VALUE));
    assertThat(huge.allocatedText()).isEqualTo("█".repeat(64));
    HeatStrip tiny = new HeatStrip(2, 4);
    tiny.addAllocated(new Extent(0, 2));
    assertThat(tiny.allocatedText()).hasSize(4).contains("█");
  }

  @Test
  void whatReachesPastTheEndIsCut() {
    HeatStrip strip = new HeatStrip(1000, 2);
    strip.addChanged(new Extent(900, 5000));
    assertThat(strip.changedText()).isEqualTo(" ░");
  }

  @Test
  void thePictureNamesTheSnapshotAndShowsOnlyWhatIsThere() {
    HeatStrip strip = new HeatStrip(1000, 2);
    strip.addChanged(new Extent(0, 500));
    assertThat(strip.svg(10, "a<b"))
        .contains("<title>a&lt;b</title>", "y=\"22\"", "fill=\"#c00\" opacity=\"1.00\"")
        .doesNotContain("#444");
  }
}
