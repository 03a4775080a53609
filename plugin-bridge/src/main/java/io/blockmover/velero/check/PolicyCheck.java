package io.blockmover.velero.check;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.check.ClusterFinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The trap of volume policies: an action {@code snapshot} hands its volumes to Velero's own mover,
 * whatever {@code --data-mover} says, and nobody is told.
 */
final class PolicyCheck {

  private static final String NAME = "volume policies";
  private static final Pattern SNAPSHOT =
      Pattern.compile("(?m)[\\s{,]type:\\s*[\"']?snapshot[\"']?\\s*(?=$|[,}#])");

  private PolicyCheck() {}

  static List<ClusterFinding> run(Cluster cluster, String namespace) throws MoverException {
    List<ClusterFinding> findings = new ArrayList<>();
    int policies = 0;
    for (ClusterObject map : cluster.objects().list(ObjectKind.CONFIG_MAP, namespace, Map.of())) {
      for (String text : map.texts("data").values()) {
        if (text.contains("volumePolicies")) {
          policies++;
          if (SNAPSHOT.matcher(text).find()) {
            findings.add(trap(namespace, map.name()));
          }
        }
      }
    }
    if (findings.isEmpty()) {
      findings.add(ClusterFinding.fine(NAME, policies + " found, none takes volumes from mover"));
    }
    return findings;
  }

  private static ClusterFinding trap(String namespace, String name) {
    return ClusterFinding.warning(
        NAME,
        "policies in ConfigMap " + name + " have an action of type snapshot",
        "in a backup with these policies, the volumes that it matches go to Velero's own mover,"
            + " whatever --data-mover says",
        "# remove the entries whose action is snapshot: what no entry matches goes to mover\n"
            + "kubectl edit -n %s configmap/%s".formatted(namespace, name));
  }
}
