package io.blockmover.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands behind the question mark of a request. */
record FakeQuery(Map<String, String> values) {

  FakeQuery {
    values = Map.copyOf(values);
  }

  static FakeQuery of(HttpExchange exchange) {
    Map<String, String> query = new HashMap<>();
    @Nullable String raw = exchange.getRequestURI().getRawQuery();
    if (raw != null) {
      for (String pair : raw.split("&", -1)) {
        String[] parts = pair.split("=", 2);
        query.put(
            parts[0], parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
    }
    return new FakeQuery(query);
  }

  boolean watches() {
    return values.getOrDefault("watch", "").equals("true");
  }

  /** After which version to begin. */
  long resourceVersion() {
    return Long.parseLong(values.getOrDefault("resourceVersion", "0"));
  }

  /** Whether an object has the labels that are asked for. */
  boolean selects(ObjectNode object) {
    return Arrays.stream(values.getOrDefault("labelSelector", "").split(",", -1))
        .filter(term -> !term.isEmpty())
        .allMatch(
            term -> {
              String[] pair = term.split("=+", 2);
              JsonNode label = object.path("metadata").path("labels").path(pair[0]);
              return pair.length == 1
                  ? label.isTextual()
                  : label.asText().equals(pair[1]) && label.isTextual();
            });
  }
}
