package io.blockmover.repository.retention;

import io.blockmover.repository.head.BackupRow;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which backups of a volume stay, as users of restic know it: rules add up, a backup stays if any
 * of them keeps it. Of each of the last so many hours, days, weeks (from Monday), months and years
 * in which there are backups the newest one is kept; while a rule has not kept as many as it may,
 * it keeps the oldest backup too.
 *
 * @param last how many of the newest are kept
 * @param periods how many spans of each length; missing ones keep nothing
 * @param tags sets of tags: who has all of any set is kept
 */
public record KeepPolicy(int last, Map<Period, Integer> periods, List<Set<String>> tags) {

  /** As a number of backups or spans: all of them. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  public KeepPolicy {
    periods = Map.copyOf(periods);
    tags = tags.stream().map(Set::copyOf).toList();
    if (last < 0 || periods.values().stream().anyMatch(count -> count < 0)) {
      throw new IllegalArgumentException("a negative number of backups to keep");
    }
  }

  /** Whether it would keep nothing at all. */
  public boolean isEmpty() {
    return last == 0 && tags.isEmpty() && periods.values().stream().allMatch(count -> count == 0);
  }

  /**
   * Decides on all backups of a volume.
   *
   * @param backups oldest first
   * @param zone where a day begins
   * @return a decision on each, oldest first
   */
  public List<KeepDecision> decide(List<BackupRow> backups, ZoneId zone) {
    Map<Period, Integer> left = new EnumMap<>(Period.class);
    left.putAll(periods);
    Map<Period, String> newest = new HashMap<>();
    List<KeepDecision> decisions = new ArrayList<>();
    for (int i = backups.size() - 1; i >= 0; i--) {
      BackupRow row = backups.get(i);
      List<String> reasons = new ArrayList<>();
      if (backups.size() - i <= last) {
        reasons.add("last");
      }
      for (Period period : Period.values()) {
        int count = left.getOrDefault(period, 0);
        String span = period.of(row.created(), zone);
        boolean isNew = !span.equals(newest.get(period));
        if (count > 0 && (isNew || i == 0)) {
          reasons.add((isNew ? "" : "oldest ") + period.shown());
          newest.put(period, span);
          left.put(period, count - 1);
        }
      }
      for (Set<String> wanted : tags) {
        if (new HashSet<>(row.tags()).containsAll(wanted)) {
          reasons.add("tag " + String.join(",", wanted.stream().sorted().toList()));
        }
      }
      decisions.add(new KeepDecision(row, reasons));
    }
    Collections.reverse(decisions);
    return List.copyOf(decisions);
  }
}
