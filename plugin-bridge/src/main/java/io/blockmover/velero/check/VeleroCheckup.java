package io.blockmover.velero.check;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.check.ClusterFinding;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Looks at all that backups through Velero depend on. Changes nothing. */
public final class VeleroCheckup {

  private final Cluster cluster;
  private final String namespace;
  private final Clock clock;
  private final List<ClusterFinding> findings = new ArrayList<>();

  /**
   * @param namespace Velero's
   */
  public VeleroCheckup(Cluster cluster, String namespace, Clock clock) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.clock = clock;
  }

  private interface Check {
    List<ClusterFinding> run() throws MoverException;
  }

  /**
   * What was found, in an order in which it can be repaired. What cannot be asked is a finding;
   * nothing is found in a cluster without Velero.
   */
  public List<ClusterFinding> run() {
    try {
      if (cluster.inventory().versions("velero.io").isEmpty()) {
        return List.of();
      }
      if (!ControllerCheck.installed(cluster, namespace)) {
        return List.of(ControllerCheck.notInstalled(namespace)); // backups by hand need no Velero
      }
    } catch (MoverException e) {
      return List.of(failed("Velero", e));
    }
    check("Velero", () -> ServerCheck.run(cluster, namespace));
    check("controller", () -> ControllerCheck.run(cluster, namespace, clock));
    check("controller rights", () -> ControllerAccessCheck.run(cluster, namespace));
    check("repository password", () -> PasswordCheck.run(cluster, namespace));
    check("backup locations", () -> LocationCheck.run(cluster, namespace));
    check("volume policies", () -> PolicyCheck.run(cluster, namespace));
    check("snapshot classes", () -> SnapshotLabelCheck.run(cluster));
    return List.copyOf(findings);
  }

  private void check(String name, Check check) {
    try {
      findings.addAll(check.run());
    } catch (MoverException e) {
      findings.add(failed(name, e));
    }
  }

  private static ClusterFinding failed(String name, MoverException e) {
    return ClusterFinding.broken(
        name, String.valueOf(e.getMessage()), "nothing can be said about it", e.advice());
  }
}
