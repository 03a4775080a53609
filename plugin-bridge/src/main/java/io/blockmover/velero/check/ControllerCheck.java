package io.blockmover.velero.check;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.kubernetes.check.ClusterFinding;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Whether a controller of ours is at work: Velero itself never asks, and waits for hours. */
final class ControllerCheck {

  private static final String NAME = "controller";
  private static final String LEASE = "blockmover-controller";

  /** Far more than a Lease's life, for clocks that differ. */
  private static final Duration DEAD = Duration.ofMinutes(2);

  private ControllerCheck() {}

  static List<ClusterFinding> run(Cluster cluster, String namespace, Clock clock)
      throws MoverException {
    Optional<ClusterObject> lease =
        cluster.objects().find(ObjectKind.LEASE, new ObjectName(namespace, LEASE));
    Optional<Instant> renewed = lease.flatMap(found -> found.time("spec", "renewTime"));
    String holder = lease.flatMap(found -> found.text("spec", "holderIdentity")).orElse("");
    if (renewed.isPresent()
        && !holder.isEmpty()
        && renewed.get().plus(DEAD).isAfter(clock.instant())) {
      return List.of(ClusterFinding.fine(NAME, holder + " is at work in " + namespace));
    }
    return List.of(
        ClusterFinding.broken(
            NAME,
            renewed.isEmpty()
                ? "no controller of mover is at work in namespace " + namespace
                : "the last controller of mover was seen at " + renewed.get(),
            "backups with --data-mover blockmover wait until Velero gives them up, after four hours"
                + " if nothing else is set",
            lease.isEmpty()
                ? "helm install blockmover deploy/chart/blockmover -n "
                    + namespace
                    + " --set repository.password.existingSecret=blockmover-repository"
                : "kubectl describe pods -n "
                    + namespace
                    + " -l app.kubernetes.io/name=blockmover"));
  }
}
