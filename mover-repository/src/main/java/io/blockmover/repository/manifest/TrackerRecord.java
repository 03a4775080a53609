package io.blockmover.repository.manifest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What found the changes.
 *
 * @param name of the tracker
 * @param quality of its extents
 * @param changeId what it needs next time, null if nothing
 * @param reason why this tracker, a sentence
 * @param steps each step down the ladder, a sentence
 */
public record TrackerRecord(
    String name,
    String quality,
    @Nullable String changeId,
    @Nullable String reason,
    List<String> steps) {

  @SuppressWarnings("NullAway") // JSON may lack it
  public TrackerRecord {
    steps = steps == null ? List.of() : List.copyOf(steps);
  }
}
