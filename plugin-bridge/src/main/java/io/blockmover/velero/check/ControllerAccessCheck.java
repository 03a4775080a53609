package io.blockmover.velero.check;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.check.AccessRule;
import io.blockmover.kubernetes.check.ClusterFinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether the controller may do what it does: the chart's rules, asked of the API server. */
final class ControllerAccessCheck {

  private static final String NAME = "controller rights";
  static final ObjectKind DEPLOYMENT =
      new ObjectKind("apps", "v1", "Deployment", "deployments", true);
  private static final String SNAPSHOT = "snapshot.storage.k8s.io";

  private static final List<AccessRule> IN_VELEROS_NAMESPACE =
      List.of(
          rule("velero.io", "datauploads", "back up", "get", "list", "watch", "patch"),
          rule("velero.io", "datadownloads", "restore", "get", "list", "watch", "patch"),
          rule("velero.io", "backupstoragelocations", "find the bucket", "get", "list"),
          rule("apps", "deployments", "find Velero's credentials", "list"),
          rule("", "pods", "run the mover's pods", "get", "list", "watch", "create", "delete"),
          rule("", "persistentvolumeclaims", "give them volumes", "create", "delete"),
          rule(SNAPSHOT, "volumesnapshots", "take snapshots over", "create"),
          rule("", "events", "tell what happened", "create"),
          rule("coordination.k8s.io", "leases", "let one controller work", "get", "create"));

  private static final List<AccessRule> EVERYWHERE =
      List.of(
          rule(SNAPSHOT, "volumesnapshots", "take snapshots over", "get", "list", "delete"),
          rule(
              SNAPSHOT,
              "volumesnapshotcontents",
              "take snapshots over",
              "get",
              "create",
              "patch",
              "delete"),
          rule("", "persistentvolumeclaims", "bind restored volumes", "get", "list", "patch"),
          rule(
              "", "persistentvolumes", "bind restored volumes", "get", "create", "patch", "delete"),
          rule("", "nodes", "keep to the limits", "list"),
          rule("storage.k8s.io", "storageclasses", "decide by rules", "get", "list"),
          rule("storage.k8s.io", "volumeattachments", "wait for a detach", "list"));

  private ControllerAccessCheck() {}

  private static AccessRule rule(String group, String resource, String why, String... verbs) {
    return new AccessRule(List.of(verbs), group, resource, true, why);
  }

  static List<ClusterFinding> run(Cluster cluster, String namespace) throws MoverException {
    Optional<ClusterObject> controller =
        cluster
            .objects()
            .list(DEPLOYMENT, namespace, Map.of("app.kubernetes.io/name", "blockmover"))
            .stream()
            .findFirst();
    if (controller.isEmpty()) {
      return List.of(); // another check says so
    }
    String account =
        controller.get().text("spec", "template", "spec", "serviceAccountName").orElse("default");
    String user = "system:serviceaccount:" + namespace + ":" + account;
    List<AccessRule> missing = new ArrayList<>();
    for (AccessRule rule : IN_VELEROS_NAMESPACE) {
      addDenied(cluster, user, rule, namespace, missing);
    }
    for (AccessRule rule : EVERYWHERE) {
      addDenied(cluster, user, rule, "", missing);
    }
    if (missing.isEmpty()) {
      return List.of(ClusterFinding.fine(NAME, user + " may do all that the controller does"));
    }
    return missing.stream().map(rule -> finding(rule, user)).toList();
  }

  private static void addDenied(
      Cluster cluster, String user, AccessRule rule, String namespace, List<AccessRule> missing)
      throws MoverException {
    List<String> denied = new ArrayList<>();
    for (String verb : rule.verbs()) {
      if (!cluster.callers().may(user, verb, rule.group(), rule.resource(), namespace)) {
        denied.add(verb);
      }
    }
    if (!denied.isEmpty()) {
      missing.add(rule.only(denied));
    }
  }

  private static ClusterFinding finding(AccessRule rule, String user) {
    String name = "blockmover-controller-" + String.join("-", rule.verbs()) + "-" + rule.resource();
    return ClusterFinding.broken(
        NAME,
        "%s may not %s %s".formatted(user, String.join(", ", rule.verbs()), rule.resource()),
        "needed to " + rule.why() + "; helm upgrade puts back all that the chart gives",
        "kubectl apply -f - <<'EOF'\n"
            + AccessRule.manifest(name, List.of(rule), user).strip()
            + "\nEOF");
  }
}
