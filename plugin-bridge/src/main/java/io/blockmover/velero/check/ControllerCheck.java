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
import java.util.Map;
import java.util.Optional;

/** Whether a controller of ours is at work: Velero itself never asks, and waits for hours. */
final class ControllerCheck {

  private static final String NAME = "controller";
  private static final String LEASE = "blockmover-controller";

  /** Far more than a Lease's life, for clocks that differ. */
  private static final Duration DEAD = Duration.ofMinutes(2);

  private ControllerCheck() {}

  /** Whether somebody wanted it here. */
  static boolean installed(Cluster cluster, String namespace) throws MoverException {
    Map<String, String> ours = Map.of("app.kubernetes.io/name", "blockmover");
    return lease(cluster, namespace).isPresent()
        || !cluster.objects().list(ControllerAccessCheck.DEPLOYMENT, namespace, ours).isEmpty();
  }

  static ClusterFinding notInstalled(String namespace) {
    return ClusterFinding.warning(
        NAME,
        "the cluster has Velero, and no controller of mover is installed in namespace " + namespace,
        "backups with --data-mover blockmover would wait for hours and fail; if it is elsewhere,"
            + " give --velero-namespace",
        install(namespace));
  }

  private static String install(String namespace) {
    return "helm install blockmover deploy/chart/blockmover -n "
        + namespace
        + " --set repository.password.existingSecret=blockmover-repository";
  }

  private static Optional<ClusterObject> lease(Cluster cluster, String namespace)
      throws MoverException {
    return cluster.objects().find(ObjectKind.LEASE, new ObjectName(namespace, LEASE));
  }

  static List<ClusterFinding> run(Cluster cluster, String namespace, Clock clock)
      throws MoverException {
    Optional<ClusterObject> lease = lease(cluster, namespace);
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
            "kubectl describe pods -n " + namespace + " -l app.kubernetes.io/name=blockmover"));
  }
}
