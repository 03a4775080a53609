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
 * @param changeIds what each tracker that could be asked needs next time
 * @param sample how the tracker's word was tested; null if never
 * @param distrusted trackers that are not asked about this volume
 * @param warnings what else a person should know, a sentence each
 */
public record TrackerRecord(
    String name,
    String quality,
    @Nullable String changeId,
    @Nullable String reason,
    List<String> steps,
    List<ChangeIdRecord> changeIds,
    @Nullable SampleRecord sample,
    List<DistrustRecord> distrusted,
    List<String> warnings) {

  @SuppressWarnings("NullAway") // JSON may lack them
  public TrackerRecord {
    steps = steps == null ? List.of() : List.copyOf(steps);
    changeIds = changeIds == null ? List.of() : List.copyOf(changeIds);
    distrusted = distrusted == null ? List.of() : List.copyOf(distrusted);
    warnings = warnings == null ? List.of() : List.copyOf(warnings);
  }

  /** Of a tracker that has nothing to record. */
  public TrackerRecord(
      String name,
      String quality,
      @Nullable String changeId,
      @Nullable String reason,
      List<String> steps) {
    this(name, quality, changeId, reason, steps, List.of(), null, List.of(), List.of());
  }
}
