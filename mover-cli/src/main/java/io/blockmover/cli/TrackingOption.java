package io.blockmover.cli;

import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.cbt.k8s.SnapshotMetadataProvider;
import io.blockmover.ceph.rbd.tracking.CephRbdProvider;
import io.blockmover.engine.rules.BadRules;
import io.blockmover.engine.rules.RuleDecision;
import io.blockmover.engine.rules.RuleSet;
import io.blockmover.engine.rules.VolumeFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which trackers there are, and which of them are asked about a volume. */
final class TrackingOption {

  static final String LAST = "full-scan";

  @Option(
      names = "--rules",
      paramLabel = "FILE",
      description =
          "Rules in YAML: which trackers are asked about which volume. Default: MOVER_RULES;"
              + " without rules, all are asked.")
  private @Nullable Path file;

  @Option(
      names = "--rule",
      paramLabel = "YAML",
      description =
          "One rule of such a file in place of all: {name: mine, trackers: [full-scan]}."
              + " mover doctor --rules prints it.")
  private @Nullable String rule;

  @Option(
      names = "--tracker",
      paramLabel = "NAME",
      split = ",",
      description =
          "Ask these trackers only, in this order, and compare where they do not know; in place of"
              + " rules.")
  private List<String> named = new ArrayList<>();

  /** The names of all there are; the one that applies to everything comes last. */
  static List<String> names() {
    return found().stream().map(ChangeTrackerProvider::name).toList();
  }

  private static List<ChangeTrackerProvider> found() {
    List<ChangeTrackerProvider> all = new ArrayList<>();
    ServiceLoader.load(ChangeTrackerProvider.class).forEach(all::add);
    all.sort(Comparator.comparing(tracker -> tracker.name().equals(LAST)));
    return all;
  }

  /** Those that are asked where there are no rules. */
  static List<ChangeTrackerProvider> trackers(SnapshotReference reference, Surroundings around) {
    return asked(found(), reference, around);
  }

  /**
   * Those that a rule names, in its order, without those for snapshots where there is none: that is
   * no step down which anybody has to hear of.
   */
  static List<ChangeTrackerProvider> trackers(
      RuleDecision decision, ClusterSnapshot what, Surroundings around) {
    List<ChangeTrackerProvider> all = found();
    List<ChangeTrackerProvider> chosen = new ArrayList<>();
    for (String name : decision.trackers()) {
      all.stream().filter(tracker -> tracker.name().equals(name)).forEach(chosen::add);
    }
    List<ChangeTrackerProvider> wanted = decision.trackers().isEmpty() ? all : chosen;
    return what.whyNotAsked().isEmpty()
        ? asked(wanted, what.reference(), around)
        : wanted.stream().map(tracker -> NotAsked.of(tracker, what)).toList();
  }

  private static List<ChangeTrackerProvider> asked(
      List<ChangeTrackerProvider> trackers, SnapshotReference reference, Surroundings around) {
    boolean live = reference.handle().isEmpty();
    return trackers.stream()
        .filter(tracker -> tracker.concerns(reference))
        .map(tracker -> at(tracker, around))
        .filter(
            tracker ->
                !live || tracker.applicability(reference) instanceof Applicability.Applicable)
        .toList();
  }

  /** Those that ask a cluster, for the cluster of these surroundings. */
  private static ChangeTrackerProvider at(ChangeTrackerProvider tracker, Surroundings around) {
    return switch (tracker) {
      case SnapshotMetadataProvider _ ->
          SnapshotMetadataProvider.of(around.environment(), () -> ClusterSnapshot.open(around));
      case CephRbdProvider _ ->
          CephRbdProvider.of(around.environment(), () -> ClusterSnapshot.open(around));
      default -> tracker;
    };
  }

  /** The tracker of a name. */
  static ChangeTrackerProvider tracker(String option, String name, Surroundings around)
      throws Complaint {
    requireTracker(option, name);
    return found().stream()
        .filter(tracker -> tracker.name().equals(name))
        .findFirst()
        .map(tracker -> at(tracker, around))
        .orElseThrow();
  }

  /** The names of those that a rule names, or of all. */
  static List<String> names(RuleDecision decision) {
    return decision.trackers().isEmpty() ? names() : decision.trackers();
  }

  /** Whether rules were named on the command line. */
  boolean isGiven() {
    return file != null || rule != null || !named.isEmpty();
  }

  /** Whether there are rules, on the command line or by the environment. */
  boolean isGiven(Surroundings surroundings) {
    return isGiven() || file(surroundings).isPresent();
  }

  /** What can be refused without asking anybody. */
  void check() throws Complaint {
    if (file != null && rule != null) {
      throw Complaint.usage("--rules and --rule are two ways to say one thing", "leave one out");
    }
    if (!named.isEmpty() && (file != null || rule != null)) {
      throw Complaint.usage("--tracker goes in place of rules", "leave one of them out");
    }
    for (String name : named) {
      requireTracker("--tracker", name);
    }
  }

  private Optional<Path> file(Surroundings surroundings) {
    return Optional.ofNullable(file).or(() -> surroundings.variable("MOVER_RULES").map(Path::of));
  }

  /** What applies to a volume. */
  RuleDecision decide(Surroundings surroundings, VolumeFacts facts) throws Complaint {
    return rules(surroundings).decide(facts);
  }

  /** All rules; none if there are none. */
  RuleSet rules(Surroundings surroundings) throws Complaint {
    Optional<Path> path = file(surroundings);
    try {
      if (!named.isEmpty()) {
        return RuleSet.parseRule(
            "{name: --tracker, trackers: [%s]}".formatted(String.join(", ", namedThenComparison())),
            "--tracker",
            Set.copyOf(names()));
      }
      if (rule != null) {
        return RuleSet.parseRule(rule, "--rule", Set.copyOf(names()));
      }
      if (path.isEmpty()) {
        return RuleSet.EMPTY;
      }
      return RuleSet.parse(
          Files.readString(path.get()), path.get().toString(), Set.copyOf(names()));
    } catch (IOException e) {
      throw Complaint.usage(
          "the rules in " + path.orElseThrow() + " cannot be read: " + e,
          "give another file with --rules");
    } catch (BadRules e) {
      throw Complaint.usage(
          String.valueOf(e.getMessage()), "correct the file; docs/rules.yaml is an example");
    }
  }

  private List<String> namedThenComparison() {
    List<String> all = new ArrayList<>(named);
    if (!all.contains(LAST)) {
      all.add(LAST);
    }
    return all;
  }

  /** Refuses a name that no tracker has. */
  static void requireTracker(String option, String name) throws Complaint {
    List<String> known = names();
    if (!known.contains(name)) {
      throw Complaint.usage(
          option + ": there is no tracker '" + name + "'", "there are " + String.join(", ", known));
    }
  }
}
