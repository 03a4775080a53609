package io.blockmover.kubernetes.check;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import java.util.ArrayList;
import java.util.List;

/** Whether we may do what we do, by asking the API server. */
final class AccessCheck {

  private static final String NAME = "permissions";

  private AccessCheck() {}

  static List<ClusterFinding> run(Cluster cluster, String namespace) throws MoverException {
    String user = cluster.tokens().user();
    List<AccessRule> missing = new ArrayList<>();
    for (AccessRule rule : AccessRule.ALL) {
      List<String> denied = new ArrayList<>();
      for (String verb : rule.verbs()) {
        if (!cluster.inventory().may(verb, rule.group(), rule.resource(), namespace)) {
          denied.add(verb);
        }
      }
      if (!denied.isEmpty()) {
        missing.add(rule.only(denied));
      }
    }
    List<ClusterFinding> findings = new ArrayList<>();
    if (missing.isEmpty()) {
      findings.add(ClusterFinding.fine(NAME, user + " may do all that mover does"));
    }
    for (AccessRule rule : missing) {
      String text =
          "%s may not %s %s%s"
              .formatted(
                  user,
                  String.join(", ", rule.verbs()),
                  rule.resource(),
                  rule.group().isEmpty() ? "" : "." + rule.group());
      ClusterFinding.Level level =
          rule.needed() ? ClusterFinding.Level.BROKEN : ClusterFinding.Level.WARNING;
      String name =
          ("blockmover-" + String.join("-", rule.verbs()) + "-" + rule.resource())
              .replace('/', '-');
      findings.add(
          new ClusterFinding(
              level,
              NAME,
              text,
              "needed to " + rule.why(),
              Commands.apply(AccessRule.manifest(name, List.of(rule), user))));
    }
    return findings;
  }
}
