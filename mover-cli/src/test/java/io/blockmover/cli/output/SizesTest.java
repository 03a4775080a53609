package io.blockmover.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {

  @ParameterizedTest
  @CsvSource({
    "0,0 B",
    "1023,1023 B",
    "1024,1.00 KiB",
    "1417339208,1.32 GiB",
    "1073741823,1.00 GiB",
    "10737418240,10.0 GiB",
    "107374182400,100 GiB",
    "9223372036854775807,8.00 EiB"
  })
  void bytesHaveThreeDigits(long count, String text) {
    assertThat(Sizes.bytes(count)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0,0", "4096,4096", "1b,1", "500K,512000", "1.5GiB,1610612736", "2m,2097152"})
  void sizesAreRead(String text, long count) {
    assertThat(Sizes.parse(text)).isEqualTo(count);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "K", "-1", "ten", "1X", "1KK", "99999999E"})
  void whatIsNoSizeIsRefused(String text) {
    assertThatThrownBy(() -> Sizes.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void timesGrowTheirUnits() {
    assertThat(Sizes.time(Duration.ofMillis(4))).isEqualTo("0.004 s");
    assertThat(Sizes.time(Duration.ofMillis(3240))).isEqualTo("3.2 s");
    assertThat(Sizes.time(Duration.ofSeconds(245))).isEqualTo("4:05");
    assertThat(Sizes.time(Duration.ofSeconds(3723))).isEqualTo("1:02:03");
  }
}
