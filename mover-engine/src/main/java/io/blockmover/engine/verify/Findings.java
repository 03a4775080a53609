package io.blockmover.engine.verify;

import io.blockmover.api.Extent;
import io.blockmover.engine.verify.VerifyReport.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what is wrong, one finding for each object and backup. Thread-safe. */
final class Findings {

  private record Key(String object, String backup) {}

  private static final class Entry {
    private final String problem;
    private final List<Extent> lost = new ArrayList<>();

    Entry(String problem) {
      this.problem = problem;
    }
  }

  private final Map<Key, Entry> entries = new LinkedHashMap<>();

  /** Adds what an object's damage costs a backup; the problem said first stays. */
  synchronized void add(String object, String problem, String backup, List<Extent> lost) {
    entries.computeIfAbsent(new Key(object, backup), key -> new Entry(problem)).lost.addAll(lost);
  }

  /** Whether anything is wrong with a backup. */
  synchronized boolean has(String backup) {
    return entries.keySet().stream().anyMatch(key -> key.backup().equals(backup));
  }

  /** Takes back what was said of a backup. */
  synchronized void drop(String backup) {
    entries.keySet().removeIf(key -> key.backup().equals(backup));
  }

  synchronized List<Finding> toList() {
    List<Finding> result = new ArrayList<>();
    entries.forEach(
        (key, entry) ->
            result.add(new Finding(key.object(), entry.problem, key.backup(), merged(entry.lost))));
    return result;
  }

  private static List<Extent> merged(List<Extent> extents) {
    List<Extent> sorted = new ArrayList<>(extents);
    sorted.sort(Comparator.comparingLong(Extent::offset));
    List<Extent> merged = new ArrayList<>();
    for (Extent extent : sorted) {
      if (merged.isEmpty() || extent.offset() > merged.getLast().end()) {
        merged.add(extent);
      } else if (extent.end() > merged.getLast().end()) {
        Extent last = merged.removeLast();
        merged.add(Extent.between(last.offset(), extent.end()));
      }
    }
    return merged;
  }
}
