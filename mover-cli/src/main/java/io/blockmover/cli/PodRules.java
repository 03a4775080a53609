package io.blockmover.cli;

import io.blockmover.cbt.k8s.SnapshotMetadataProvider;
import io.blockmover.ceph.rbd.csi.CsiSnapshots;
import io.blockmover.ceph.rbd.tracking.CephRbdProvider;
import io.blockmover.engine.rules.BaseRetention;
import io.blockmover.engine.rules.RuleDecision;
import io.blockmover.engine.rules.RuleSet;
import io.blockmover.engine.rules.VolumeFacts;
import io.blockmover.kubernetes.exposure.KeptSnapshot;
import io.blockmover.velero.upload.VolumeRules;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The rules, as a pod is told of them: it gets the one rule that they come to for its volume. */
final class PodRules implements VolumeRules {

  private final Supplier<RuleSet> rules;

  PodRules(Supplier<RuleSet> rules) {
    this.rules = rules;
  }

  @Override
  public Choice decide(VolumeFacts facts, boolean full) {
    RuleDecision found = rules.get().decide(facts);
    List<String> why = new ArrayList<>(found.why());
    RuleDecision decision = full ? comparing(found, why) : found;
    List<String> names = TrackingOption.names(decision);
    boolean ceph = names.contains(CephRbdProvider.NAME);
    boolean asksDriver =
        (ceph || names.contains(SnapshotMetadataProvider.NAME))
            && facts.sizeBytes() >= decision.options().minimumBytes();
    return new Choice(
        List.of("--rule", decision.asRule(TrackingOption.names())),
        kept(found.baseRetention(), asksDriver, ceph && CsiSnapshots.isDriver(facts.driver())),
        asksDriver,
        why);
  }

  /** The others come after comparison, for what the next backup wants to know of them. */
  private static RuleDecision comparing(RuleDecision found, List<String> why) {
    why.add("Velero asks for a full backup: everything is read");
    Set<String> trackers = new LinkedHashSet<>();
    trackers.add(TrackingOption.LAST);
    trackers.addAll(TrackingOption.names(found));
    return new RuleDecision(
        found.rule(),
        List.copyOf(trackers),
        found.options(),
        found.baseRetention(),
        found.deepestClone(),
        why);
  }

  /** Ceph's own tracker needs the base, whatever service its driver offers. */
  private static KeptSnapshot kept(BaseRetention retention, boolean asksDriver, boolean ceph) {
    return switch (retention) {
      case ALWAYS -> KeptSnapshot.ALWAYS;
      case NEVER -> KeptSnapshot.NEVER;
      case WHERE_NEEDED -> {
        if (!asksDriver) {
          yield KeptSnapshot.NEVER;
        }
        yield ceph ? KeptSnapshot.ALWAYS : KeptSnapshot.WHERE_NEEDED;
      }
    };
  }
}
