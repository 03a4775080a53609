package io.blockmover.kubernetes.check;

import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.kubernetes.ServiceAccountTokens;
import io.blockmover.kubernetes.SnapshotMetadataService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The SnapshotMetadataService objects, against the drivers, and what stands behind them. */
final class ServiceCheck {

  private static final String NAME = "changed blocks";
  private static final String WITHOUT = "its volumes are read whole and compared at each backup";

  private ServiceCheck() {}

  static List<ClusterFinding> run(Cluster cluster, EndpointProbe probe) throws MoverException {
    List<ClusterFinding> findings = new ArrayList<>();
    Set<String> services = new TreeSet<>(cluster.metadataServices().drivers());
    Set<String> drivers = new TreeSet<>(cluster.inventory().drivers());
    for (String driver : drivers) {
      if (!services.contains(driver)) {
        findings.add(
            ClusterFinding.warning(
                NAME,
                "driver " + driver + " offers no changed block tracking",
                WITHOUT + "; mover can offer it from its own backups, if the driver never will",
                "mover cbt serve --driver %s --tls-cert FILE --tls-key FILE --address HOST:PORT \\\n"
                        .formatted(driver)
                    + "  --print-object | kubectl apply -f -"));
      }
    }
    for (String service : services) {
      if (!drivers.contains(service)) {
        findings.add(
            ClusterFinding.warning(
                NAME,
                "SnapshotMetadataService %s has the name of no CSI driver".formatted(service),
                "it is found by the driver's name only, so nobody uses it",
                "kubectl delete snapshotmetadataservice " + service));
      } else {
        findings.addAll(usable(cluster, service, probe));
      }
    }
    return findings;
  }

  private static List<ClusterFinding> usable(Cluster cluster, String name, EndpointProbe probe)
      throws MoverException {
    Optional<SnapshotMetadataService> found;
    try {
      found = cluster.metadataServices().find(name);
    } catch (ClusterObjectUnusable e) {
      return List.of(ClusterFinding.broken(NAME, message(e), WITHOUT, edit(name)));
    }
    List<ClusterFinding> findings = new ArrayList<>();
    if (found.isPresent()) {
      SnapshotMetadataService service = found.get();
      findings.add(
          ClusterFinding.fine(
              NAME,
              "driver %s offers it at %s (%s)"
                  .formatted(name, service.address(), service.apiVersion())));
      findings.add(token(cluster, service));
      findings.add(probe.look(service));
    }
    return findings;
  }

  private static ClusterFinding token(Cluster cluster, SnapshotMetadataService service)
      throws MoverException {
    Optional<ObjectName> account = cluster.tokens().self();
    if (account.isEmpty()) {
      return ClusterFinding.fine(
          "token",
          "you are no service account: commands that ask a driver need --service-account or a"
              + " pod that runs as one");
    }
    try {
      cluster.tokens().request(account.get(), service.audience(), ServiceAccountTokens.LEAST_LIFE);
      return ClusterFinding.fine(
          "token", "%s gets tokens for %s".formatted(account.get(), service.audience()));
    } catch (MoverException e) {
      return ClusterFinding.broken(
          "token",
          message(e),
          "the driver answers only to a token: " + WITHOUT,
          Commands.apply(
              AccessRule.manifest(
                  "blockmover-tokens",
                  AccessRule.ALL.stream()
                      .filter(rule -> rule.resource().equals("serviceaccounts/token"))
                      .toList(),
                  cluster.tokens().user())));
    }
  }

  private static String edit(String name) {
    return "kubectl edit snapshotmetadataservice " + name;
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }
}
