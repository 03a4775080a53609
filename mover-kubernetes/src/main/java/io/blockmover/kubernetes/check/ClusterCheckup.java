package io.blockmover.kubernetes.check;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import java.time.Clock;
import java.util.List;

/** Looks at all that backups on a cluster depend on. Changes nothing. */
public final class ClusterCheckup {

  private static final String SNAPSHOT_CRDS =
      "kubectl apply -k"
          + " 'https://github.com/kubernetes-csi/external-snapshotter/client/config/crd?ref=v8.2.0'";

  private static final String CBT_CRD =
      "kubectl apply -f 'https://raw.githubusercontent.com/kubernetes-csi/external-snapshot-metadata/"
          + "v1.1.0/client/config/crd/cbt.storage.k8s.io_snapshotmetadataservices.yaml'";

  private final Cluster cluster;
  private final String namespace;
  private final EndpointProbe probe;
  private final Findings findings = new Findings();

  /**
   * @param namespace whose claims and pods are looked at; empty for all
   */
  public ClusterCheckup(Cluster cluster, String namespace, Clock clock) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.probe = new EndpointProbe(clock);
  }

  /** What was found, in an order in which it can be repaired. What cannot be asked is a finding. */
  public List<ClusterFinding> run() {
    try {
      findings.add(
          ClusterFinding.fine(
              "API server",
              "%s at %s".formatted(cluster.inventory().serverVersion(), cluster.address())));
    } catch (MoverException e) {
      findings.failed("API server", e);
      return findings.list();
    }
    findings.check("permissions", () -> AccessCheck.run(cluster, namespace));
    if (snapshots()) {
      findings.check("snapshot classes", () -> SnapshotClassCheck.run(cluster.inventory()));
    }
    findings.check("Ceph images", () -> CephImageCheck.run(cluster.inventory()));
    if (changedBlocks()) {
      findings.check("changed blocks", () -> ServiceCheck.run(cluster, probe));
    }
    findings.check("claims", () -> ClaimCheck.run(cluster, namespace));
    return findings.list();
  }

  private boolean snapshots() {
    return served(
        "snapshot API",
        "snapshot.storage.k8s.io",
        List.of("v1"),
        ClusterFinding.broken(
            "snapshot API",
            "the cluster has no snapshot.storage.k8s.io/v1",
            "without VolumeSnapshots there is no moment that a backup could be of",
            SNAPSHOT_CRDS));
  }

  private boolean changedBlocks() {
    return served(
        "changed block API",
        "cbt.storage.k8s.io",
        List.of("v1beta1", "v1alpha1"),
        ClusterFinding.warning(
            "changed block API",
            "the cluster has no cbt.storage.k8s.io/v1beta1 nor v1alpha1",
            "no driver can say what changed: volumes are read whole and compared",
            CBT_CRD));
  }

  private boolean served(
      String check, String group, List<String> understood, ClusterFinding otherwise) {
    try {
      List<String> versions = cluster.inventory().versions(group);
      boolean served = versions.stream().anyMatch(understood::contains);
      findings.add(
          served
              ? ClusterFinding.fine(check, group + " " + String.join(", ", versions))
              : otherwise);
      return served;
    } catch (MoverException e) {
      findings.failed(check, e);
      return false;
    }
  }
}
