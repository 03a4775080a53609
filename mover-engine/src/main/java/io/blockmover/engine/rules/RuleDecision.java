package io.blockmover.engine.rules;

import io.blockmover.engine.backup.TrackingOptions;
import java.util.List;
import java.util.Locale;

/**
 * What applies to a volume.
 *
 * @param rule its name; empty if no rule matches and the defaults apply
 * @param trackers names, in the order in which they are asked; empty for all there are
 * @param options how far they are used and believed
 * @param baseRetention what becomes of the snapshot
 * @param deepestClone volumes that are deeper clones have no changes asked for, as far as a tracker
 *     knows of clones; {@link #ANY_DEPTH} for no limit
 * @param why a sentence for each rule that was looked at, the last for the one that applies
 */
public record RuleDecision(
    String rule,
    List<String> trackers,
    TrackingOptions options,
    BaseRetention baseRetention,
    int deepestClone,
    List<String> why) {

  /** No limit to how deep a clone may be. */
  public static final int ANY_DEPTH = Integer.MAX_VALUE;

  public RuleDecision {
    trackers = List.copyOf(trackers);
    why = List.copyOf(why);
  }

  /**
   * The decision as a rule in one line, which {@link RuleSet#parseRule} reads: for a process that
   * knows less of the volume.
   *
   * @param all names of all trackers there are
   */
  public String asRule(List<String> all) {
    return "{name: \"%s\", trackers: [%s], minimumSize: %d, changedRatio: %s, samplingRate: %s, baseSnapshots: %s%s}"
        .formatted(
            (rule.isEmpty() ? "none" : rule).replace("\\", "\\\\").replace("\"", "\\\""),
            String.join(", ", trackers.isEmpty() ? all : trackers),
            options.minimumBytes(),
            options.changedRatio(),
            options.samplingRate(),
            baseRetention.name().toLowerCase(Locale.ROOT).replace('_', '-'),
            deepestClone == ANY_DEPTH ? "" : ", deepestClone: " + deepestClone);
  }
}
