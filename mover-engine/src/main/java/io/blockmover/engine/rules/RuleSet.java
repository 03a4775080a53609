package io.blockmover.engine.rules;

import io.blockmover.engine.backup.TrackingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The rules of a file, of which the first that matches a volume applies. Immutable. */
public final class RuleSet {

  /** No rules: the defaults apply to every volume. */
  public static final RuleSet EMPTY = new RuleSet(List.of());

  private final List<Rule> rules;

  private RuleSet(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * Reads rules.
   *
   * @param yaml the text of the file
   * @param file what to call it in messages
   * @param trackers names of all trackers there are
   * @throws BadRules with line and column of the first thing that is wrong
   */
  public static RuleSet parse(String yaml, String file, Set<String> trackers) throws BadRules {
    return new RuleSet(new RuleParser(file, trackers).parse(yaml));
  }

  /**
   * Reads a single rule, as {@link RuleDecision#asRule} writes it.
   *
   * @param origin what to call it in messages
   * @throws BadRules as {@link #parse}
   */
  public static RuleSet parseRule(String yaml, String origin, Set<String> trackers)
      throws BadRules {
    return new RuleSet(List.of(new RuleParser(origin, trackers).parseRule(yaml)));
  }

  /** How many rules there are. */
  public int size() {
    return rules.size();
  }

  /** What applies to a volume, and why. */
  public RuleDecision decide(VolumeFacts facts) {
    List<String> why = new ArrayList<>();
    for (Rule rule : rules) {
      Optional<String> against = rule.match().whyNot(facts);
      if (against.isEmpty()) {
        why.add("rule " + rule.name() + " applies");
        return new RuleDecision(
            rule.name(),
            rule.trackers(),
            rule.options(),
            rule.baseRetention(),
            rule.deepestClone(),
            why);
      }
      why.add("rule " + rule.name() + " does not apply: " + against.get());
    }
    why.add("no rule applies, so all trackers are asked, with the default options");
    return new RuleDecision(
        "",
        List.of(),
        TrackingOptions.STANDARD,
        BaseRetention.WHERE_NEEDED,
        RuleDecision.ANY_DEPTH,
        why);
  }
}
