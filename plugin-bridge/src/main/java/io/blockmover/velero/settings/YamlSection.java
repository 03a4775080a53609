package io.blockmover.velero.settings;

import io.blockmover.engine.rules.Quantity;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A mapping of a settings file, which says by its path what is wrong in it. */
final class YamlSection {

  private final String path;
  private final Map<String, Object> members;

  private YamlSection(String path, Map<String, Object> members) {
    this.path = path;
    this.members = members;
  }

  /**
   * @param path how to call it in messages
   * @param value null for one without members
   */
  static YamlSection of(String path, @Nullable Object value) throws BadSettings {
    if (value == null) {
      return new YamlSection(path, Map.of());
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw new BadSettings(path + " must be a mapping");
    }
    Map<String, Object> members = new LinkedHashMap<>();
    for (Map.Entry<?, ?> each : map.entrySet()) {
      if (each.getValue() != null) {
        members.put(String.valueOf(each.getKey()), each.getValue());
      }
    }
    return new YamlSection(path, members);
  }

  /** Refuses members that nobody reads. */
  void allowOnly(String... names) throws BadSettings {
    for (String name : members.keySet()) {
      if (!List.of(names).contains(name)) {
        throw new BadSettings(at(name) + " is not known; known are " + String.join(", ", names));
      }
    }
  }

  private String at(String name) {
    return path + "." + name;
  }

  YamlSection section(String name) throws BadSettings {
    return of(at(name), members.get(name));
  }

  String text(String name, String otherwise) throws BadSettings {
    Object value = members.get(name);
    if (value instanceof Map || value instanceof List) {
      throw new BadSettings(at(name) + " must be a word");
    }
    return value == null ? otherwise : value.toString();
  }

  boolean flag(String name, boolean otherwise) throws BadSettings {
    Object value = members.get(name);
    if (value == null) {
      return otherwise;
    }
    if (!(value instanceof Boolean flag)) {
      throw new BadSettings(at(name) + " must be true or false, not " + value);
    }
    return flag;
  }

  int count(String name, int otherwise, int least) throws BadSettings {
    Object value = members.get(name);
    if (value == null) {
      return otherwise;
    }
    if (!(value instanceof Integer number) || number < least) {
      throw new BadSettings(at(name) + " must be a number of at least " + least + ", not " + value);
    }
    return number;
  }

  long bytes(String name, long otherwise) throws BadSettings {
    Object value = members.get(name);
    if (value == null) {
      return otherwise;
    }
    return Quantity.parse(value.toString())
        .orElseThrow(
            () -> new BadSettings(at(name) + " must be a size such as 1Gi, not '" + value + "'"));
  }

  Duration duration(String name, Duration otherwise) throws BadSettings {
    String text = text(name, "");
    if (text.isEmpty()) {
      return otherwise;
    }
    Optional<Duration> parsed = GoDuration.parse(text);
    return parsed
        .filter(Duration::isPositive)
        .orElseThrow(
            () -> new BadSettings(at(name) + " must be a time such as 30m, not '" + text + "'"));
  }

  Map<String, String> texts(String name) throws BadSettings {
    Map<String, String> texts = new LinkedHashMap<>();
    YamlSection section = section(name);
    for (String key : section.members.keySet()) {
      texts.put(key, section.text(key, ""));
    }
    return texts;
  }

  Map<String, Integer> counts(String name) throws BadSettings {
    Map<String, Integer> counts = new LinkedHashMap<>();
    YamlSection section = section(name);
    for (String key : section.members.keySet()) {
      counts.put(key, section.count(key, 0, 0));
    }
    return counts;
  }

  /** A mapping that is passed on as it stands. */
  Map<String, Object> tree(String name) throws BadSettings {
    return section(name).members;
  }

  Map<String, Map<String, Object>> trees(String name) throws BadSettings {
    Map<String, Map<String, Object>> trees = new LinkedHashMap<>();
    YamlSection section = section(name);
    for (String key : section.members.keySet()) {
      trees.put(key, section.tree(key));
    }
    return trees;
  }

  List<Object> list(String name) throws BadSettings {
    Object value = members.get(name);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list) || list.stream().anyMatch(Objects::isNull)) {
      throw new BadSettings(at(name) + " must be a list");
    }
    return List.copyOf(list);
  }
}
