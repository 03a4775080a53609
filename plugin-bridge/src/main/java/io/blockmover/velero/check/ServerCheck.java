package io.blockmover.velero.check;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.check.ClusterFinding;
import io.blockmover.velero.location.VeleroServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Velero's version and features. */
final class ServerCheck {

  private static final String NAME = "Velero";
  private static final Pattern VERSION = Pattern.compile(":v(\\d+)\\.(\\d+)\\.");
  private static final int OLDEST_MINOR = 16;
  private static final int NEWEST_MINOR = 19;

  private ServerCheck() {}

  static List<ClusterFinding> run(Cluster cluster, String namespace) throws MoverException {
    Optional<VeleroServer> found = VeleroServer.find(cluster, namespace);
    if (found.isEmpty()) {
      return List.of(
          ClusterFinding.broken(
              NAME,
              "no Deployment in namespace " + namespace + " runs Velero's server",
              "nobody makes the objects that mover works on; if it is elsewhere, give"
                  + " --velero-namespace",
              "kubectl get deployments -A -l component=velero"));
    }
    VeleroServer server = found.get();
    List<ClusterFinding> findings = new ArrayList<>();
    findings.add(version(server));
    findings.add(
        server.hasFeature("EnableCSI")
            ? ClusterFinding.fine(NAME, "snapshots of CSI volumes are on")
            : ClusterFinding.broken(
                NAME,
                "the server runs without --features=EnableCSI",
                "it takes no VolumeSnapshots and makes no DataUploads",
                "# add --features=EnableCSI to the arguments after server\n"
                    + "kubectl edit -n %s deployment/%s".formatted(namespace, server.name())));
    return findings;
  }

  private static ClusterFinding version(VeleroServer server) {
    Matcher version = VERSION.matcher(server.image());
    if (!version.find()) {
      return ClusterFinding.warning(
          NAME,
          server.image() + " does not tell its version",
          "mover is made for 1.%d to 1.%d".formatted(OLDEST_MINOR, NEWEST_MINOR),
          "velero version");
    }
    int minor = Integer.parseInt(version.group(2));
    if (version.group(1).equals("1") && minor >= OLDEST_MINOR && minor <= NEWEST_MINOR) {
      return ClusterFinding.fine(NAME, server.image());
    }
    return ClusterFinding.warning(
        NAME,
        server.image() + " is not of 1.%d to 1.%d".formatted(OLDEST_MINOR, NEWEST_MINOR),
        "fields of DataUpload and DataDownload may be missing, or ask for what mover cannot do",
        "");
  }
}
