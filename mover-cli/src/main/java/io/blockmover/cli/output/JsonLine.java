package io.blockmover.cli.output;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes values as JSON: records by their components, maps, lists, numbers, text. Small on purpose;
 * the command line only writes, and starts faster without a library for it.
 */
public final class JsonLine {

  private static final double NANOS_PER_SECOND = 1e9;

  private final StringBuilder text = new StringBuilder();

  private JsonLine() {}

  /** One line of JSON. Durations are seconds; an empty Optional is null. */
  public static String of(@Nullable Object value) {
    JsonLine json = new JsonLine();
    json.value(value);
    return json.text.toString();
  }

  private void value(@Nullable Object value) {
    switch (value) {
      case null -> text.append("null");
      case Boolean flag -> text.append(flag.booleanValue());
      case Double number when !Double.isFinite(number) -> text.append("null");
      case Number number -> text.append(number);
      case Duration duration -> text.append(duration.toNanos() / NANOS_PER_SECOND);
      case Optional<?> optional -> value(optional.orElse(null));
      case Map<?, ?> map -> object(map);
      case Iterable<?> list -> array(list);
      case Record row -> object(fields(row));
      case Enum<?> constant -> string(constant.name().toLowerCase(Locale.ROOT));
      default -> string(value.toString());
    }
  }

  private void object(Map<?, ?> map) {
    String separator = "{";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      text.append(separator);
      string(String.valueOf(entry.getKey()));
      text.append(':');
      value(entry.getValue());
      separator = ",";
    }
    text.append(map.isEmpty() ? "{}" : "}");
  }

  private void array(Iterable<?> list) {
    text.append('[');
    String separator = "";
    for (Object item : list) {
      text.append(separator);
      value(item);
      separator = ",";
    }
    text.append(']');
  }

  /** The components of a record by name, in their order. */
  public static Map<String, @Nullable Object> fields(Record row) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (RecordComponent component : row.getClass().getRecordComponents()) {
      fields.put(component.getName(), read(row, component));
    }
    return fields;
  }

  private static @Nullable Object read(Record row, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(row);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }

  private void string(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (c < ' ' || Character.isSurrogate(c)) {
            text.append("\\u").append(String.format("%04x", (int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }
}
