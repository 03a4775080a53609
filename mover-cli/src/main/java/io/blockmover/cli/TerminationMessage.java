package io.blockmover.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.blockmover.cli.output.JsonLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a pod leaves behind for whoever made it: the last document that it printed, as a container's
 * termination message, which the kubelet cuts at 4 KiB. Cut here, it stays JSON.
 */
final class TerminationMessage {

  static final int MAX_BYTES = 4096;

  private static final Path STANDARD = Path.of("/dev/termination-log");
  private static final String VARIABLE = "MOVER_TERMINATION_LOG";

  /** Tried in turn until the message is short enough: characters of a text, items of a list. */
  private static final int[][] CUTS = {
    {4000, 1000}, {1000, 20}, {600, 8}, {300, 4}, {150, 2}, {80, 1}, {40, 0}
  };

  private TerminationMessage() {}

  /** Writes it, where there is a place for it. */
  static void write(Map<String, ?> document, Surroundings surroundings) {
    Optional<Path> named = surroundings.variable(VARIABLE).map(Path::of);
    Path file = named.orElse(STANDARD);
    if (document.isEmpty() || (named.isEmpty() && !Files.exists(file))) {
      return;
    }
    try {
      Files.write(
          file,
          text(document).getBytes(UTF_8),
          StandardOpenOption.WRITE,
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING);
    } catch (IOException e) {
      surroundings
          .err()
          .println("mover: warning: " + file + " cannot be written (" + e + "); see the log");
    }
  }

  /** The document in at most {@link #MAX_BYTES}, a report's fields beside the others. */
  static String text(Map<String, ?> document) {
    Map<String, @Nullable Object> flat = new LinkedHashMap<>();
    document.forEach(
        (name, value) -> {
          if (value instanceof Record report) {
            JsonLine.fields(report).forEach((field, each) -> add(flat, field, each));
          } else {
            add(flat, name, value);
          }
        });
    for (int[] cut : CUTS) {
      String text = JsonLine.of(cut(flat, cut[0], cut[1]));
      if (text.getBytes(UTF_8).length <= MAX_BYTES) {
        return text;
      }
    }
    return JsonLine.of(Map.of("type", "truncated"));
  }

  /** The report and the document around it may both hold warnings. */
  private static void add(Map<String, @Nullable Object> to, String name, @Nullable Object value) {
    if (to.get(name) instanceof List<?> first && value instanceof List<?> second) {
      List<@Nullable Object> both = new ArrayList<>(first);
      both.addAll(second);
      to.put(name, both);
    } else {
      to.put(name, value);
    }
  }

  private static Map<String, @Nullable Object> cut(
      Map<String, @Nullable Object> document, int letters, int items) {
    Map<String, @Nullable Object> shorter = new LinkedHashMap<>();
    document.forEach((name, value) -> shorter.put(name, cut(value, letters, items)));
    return shorter;
  }

  private static @Nullable Object cut(@Nullable Object value, int letters, int items) {
    if (value instanceof String text && text.length() > letters) {
      return text.substring(0, letters) + " ...";
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> shorter = new ArrayList<>();
      list.subList(0, Math.min(items, list.size()))
          .forEach(item -> shorter.add(cut(item, letters, items)));
      if (list.size() > items) {
        shorter.add((list.size() - items) + " more");
      }
      return shorter;
    }
    return value;
  }
}
