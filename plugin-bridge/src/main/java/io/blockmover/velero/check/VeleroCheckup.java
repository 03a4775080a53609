package io.blockmover.velero.check;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.check.ClusterFinding;
import io.blockmover.kubernetes.check.Findings;
import java.time.Clock;
import java.util.List;

/** Looks at all that backups through Velero depend on. Changes nothing. */
public final class VeleroCheckup {

  private final Cluster cluster;
  private final String namespace;
  private final Clock clock;
  private final Findings findings = new Findings();

  /**
   * @param namespace Velero's
   */
  public VeleroCheckup(Cluster cluster, String namespace, Clock clock) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.clock = clock;
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
      findings.failed("Velero", e);
      return findings.list();
    }
    findings.check("Velero", () -> ServerCheck.run(cluster, namespace));
    findings.check("controller", () -> ControllerCheck.run(cluster, namespace, clock));
    findings.check("controller rights", () -> ControllerAccessCheck.run(cluster, namespace));
    findings.check("repository password", () -> PasswordCheck.run(cluster, namespace));
    findings.check("backup locations", () -> LocationCheck.run(cluster, namespace));
    findings.check("volume policies", () -> PolicyCheck.run(cluster, namespace));
    findings.check("snapshot classes", () -> SnapshotLabelCheck.run(cluster));
    return findings.list();
  }
}
