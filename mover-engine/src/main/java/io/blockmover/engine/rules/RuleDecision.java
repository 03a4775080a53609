package io.blockmover.engine.rules;

import io.blockmover.engine.backup.TrackingOptions;
import java.util.List;

/**
 * What applies to a volume.
 *
 * @param rule its name; empty if no rule matches and the defaults apply
 * @param trackers names, in the order in which they are asked; empty for all there are
 * @param options how far they are used and believed
 * @param baseRetention what becomes of the snapshot
 * @param why a sentence for each rule that was looked at, the last for the one that applies
 */
public record RuleDecision(
    String rule,
    List<String> trackers,
    TrackingOptions options,
    BaseRetention baseRetention,
    List<String> why) {

  public RuleDecision {
    trackers = List.copyOf(trackers);
    why = List.copyOf(why);
  }
}
