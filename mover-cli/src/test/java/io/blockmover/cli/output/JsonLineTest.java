package io.blockmover.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JsonLineTest {

  private record Row(String name, long bytes, List<Extent> lost, Optional<String> parent) {}

  @Test
  void aRecordIsAnObjectOfItsComponents() {
    assertThat(JsonLine.of(new Row("a", 1L << 40, List.of(new Extent(0, 5)), Optional.empty())))
        .isEqualTo(
            "{\"name\":\"a\",\"bytes\":1099511627776,\"lost\":[{\"offset\":0,\"length\":5}],"
                + "\"parent\":null}");
  }

  @Test
  void textIsEscaped() {
    assertThat(JsonLine.of("\"\\\n\t\u0001é\ud83d\ude00"))
        .isEqualTo("\"\\\"\\\\\\n\\t\\u0001é\\ud83d\\ude00\"");
  }

  @Test
  void emptyThingsAndNothingAreWritten() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("none", null);
    map.put("map", Map.of());
    map.put("list", List.of());
    map.put("nan", Double.NaN);
    assertThat(JsonLine.of(map)).isEqualTo("{\"none\":null,\"map\":{},\"list\":[],\"nan\":null}");
  }

  @Test
  void mapsKeepTheirOrderAndValuesTheirKind() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("z", true);
    map.put("a", Arrays.asList(1, 2.5, "x"));
    map.put("t", Duration.ofMillis(1500));
    map.put("e", TimeUnit.SECONDS);
    assertThat(JsonLine.of(map))
        .isEqualTo("{\"z\":true,\"a\":[1,2.5,\"x\"],\"t\":1.5,\"e\":\"seconds\"}");
  }
}
