package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.cli.output.Output;
import io.blockmover.engine.rules.Quantity;
import io.blockmover.engine.rules.RuleDecision;
import io.blockmover.engine.rules.VolumeFacts;
import io.blockmover.kubernetes.ObjectName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tries rules on a volume: one of the cluster, or one that is only described. */
final class RuleTrial {

  @Mixin private final TrackingOption tracking = new TrackingOption();

  @Option(
      names = "--pvc",
      paramLabel = "NS/NAME",
      description = "With --rules: which rule applies to the volume of this claim, and why.")
  private @Nullable String claim;

  @Option(
      names = "--storage-class",
      paramLabel = "NAME",
      defaultValue = "",
      description = "With --rules: to a volume of this storage class.")
  private String storageClass = "";

  @Option(
      names = "--driver",
      paramLabel = "NAME",
      defaultValue = "",
      description = "With --rules: to a volume of this CSI driver.")
  private String driver = "";

  @Option(
      names = "--label",
      paramLabel = "NAME=VALUE",
      description = "With --rules: to a volume whose claim has this label.")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      defaultValue = "0",
      description = "With --rules: to a volume of this size, such as 200Gi.")
  private String size = "0";

  /** Whether it was asked for. */
  boolean wanted() {
    return tracking.isGiven();
  }

  /** Says which rule applies, and why. */
  void run(Output output, Surroundings surroundings, String namespace)
      throws MoverException, Complaint {
    tracking.check();
    Optional<ObjectName> name = SnapshotOptions.name("--pvc", claim);
    VolumeFacts facts =
        name.isPresent() ? ClaimRules.facts(surroundings, name.get()) : described(namespace);
    RuleDecision decision = tracking.decide(surroundings, facts);
    decision.why().forEach(output::line);
    output.line("trackers   " + String.join(", ", TrackingOption.names(decision)));
    output.line("smallest   " + decision.options().minimumBytes() + " bytes");
    output.line("changed    compares all above " + decision.options().changedRatio());
    output.line("sampling   " + decision.options().samplingRate());
    output.line("base       " + decision.baseRetention());
    if (decision.deepestClone() != RuleDecision.ANY_DEPTH) {
      output.line("clones     no changes asked for above depth " + decision.deepestClone());
    }
    output.line("--rule     " + decision.asRule(TrackingOption.names()));
    output.document(Map.of("type", "rules", "facts", facts, "decision", decision));
  }

  private VolumeFacts described(String namespace) throws Complaint {
    long bytes =
        Quantity.parse(size)
            .orElseThrow(() -> Complaint.usage("--size " + size + " is no size", "try 200Gi"));
    return new VolumeFacts(storageClass, driver, namespace, labels, bytes);
  }
}
