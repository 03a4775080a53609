package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.cbt.k8s.SnapshotMetadataProvider;
import io.blockmover.ceph.rbd.csi.CsiSnapshots;
import io.blockmover.ceph.rbd.tracking.CephRbdProvider;
import io.blockmover.engine.rules.RuleDecision;
import io.blockmover.engine.rules.RuleSet;
import io.blockmover.engine.rules.VolumeFacts;
import io.blockmover.kubernetes.ClaimFacts;
import io.blockmover.kubernetes.Claims;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.kubernetes.exposure.KeptSnapshot;
import java.util.List;
import java.util.Optional;

/**
 * What rules say of a claim that is backed up in a pod. They are read here, where their file is;
 * the pod is told what they come to.
 */
final class ClaimRules {

  private final Optional<RuleDecision> decision;
  private final long volumeBytes;

  private ClaimRules(Optional<RuleDecision> decision, long volumeBytes) {
    this.decision = decision;
    this.volumeBytes = volumeBytes;
  }

  /**
   * Decides; without rules nothing is asked of the cluster.
   *
   * @throws MoverException if there are rules, and what they match on cannot be looked up
   */
  static ClaimRules decide(TrackingOption tracking, Surroundings surroundings, ObjectName claim)
      throws MoverException, Complaint {
    if (!tracking.isGiven(surroundings)) {
      return new ClaimRules(Optional.empty(), 0);
    }
    RuleSet rules = tracking.rules(surroundings); // bad ones are refused before anything is asked
    VolumeFacts facts = facts(surroundings, claim);
    return new ClaimRules(Optional.of(rules.decide(facts)), facts.sizeBytes());
  }

  /** What rules can match on of a claim. */
  static VolumeFacts facts(Surroundings surroundings, ObjectName name)
      throws MoverException, Complaint {
    try (Cluster cluster = ClusterSnapshot.open(surroundings)) {
      Claims claims = cluster.claims();
      ClaimFacts found = claims.load(name);
      String driver =
          claims.volumeOf(found).map(io.blockmover.kubernetes.VolumeFacts::driver).orElse("");
      return new VolumeFacts(
          found.storageClass().orElse(""),
          driver,
          name.namespace(),
          found.labels(),
          found.sizeBytes());
    }
  }

  /** Why it is as it is, a sentence for each rule that was looked at. */
  List<String> why() {
    return decision.map(RuleDecision::why).orElse(List.of());
  }

  /** What the pod is told. */
  List<String> arguments() {
    return decision
        .map(found -> List.of("--rule", found.asRule(TrackingOption.names())))
        .orElse(List.of());
  }

  /** What becomes of the snapshot. No base is needed by whom the rule never asks. */
  KeptSnapshot kept() {
    if (decision.isEmpty()) {
      return KeptSnapshot.WHERE_NEEDED;
    }
    return switch (decision.get().baseRetention()) {
      case ALWAYS -> KeptSnapshot.ALWAYS;
      case NEVER -> KeptSnapshot.NEVER;
      case WHERE_NEEDED -> asksDriver() ? KeptSnapshot.WHERE_NEEDED : KeptSnapshot.NEVER;
    };
  }

  private boolean asksDriver() {
    RuleDecision found = decision.orElseThrow();
    List<String> names = TrackingOption.names(found);
    return (names.contains(SnapshotMetadataProvider.NAME) || names.contains(CephRbdProvider.NAME))
        && volumeBytes >= found.options().minimumBytes();
  }

  /** Whether a tracker that may be asked needs the bases of a driver's volumes, service or not. */
  boolean needsBaseOf(String driver) {
    return CsiSnapshots.isDriver(driver)
        && decision
            .map(TrackingOption::names)
            .orElseGet(TrackingOption::names)
            .contains(CephRbdProvider.NAME);
  }
}
