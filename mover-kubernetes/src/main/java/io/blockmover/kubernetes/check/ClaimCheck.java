package io.blockmover.kubernetes.check;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClaimFacts;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.kubernetes.PodFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The modes of volumes, and the page-cache trap. */
final class ClaimCheck {

  private static final String MODES = "volume modes";
  private static final String TRAP = "page cache";
  private static final String HOOK = "pre.hook.backup.velero.io/command";

  /** So many are listed one by one; of the others there is a number. */
  private static final int LISTED = 20;

  private ClaimCheck() {}

  static List<ClusterFinding> run(Cluster cluster, String namespace) throws MoverException {
    List<ClusterFinding> findings = new ArrayList<>();
    Map<ObjectName, ClaimFacts> files = new HashMap<>();
    int block = 0;
    for (ClaimFacts claim : cluster.claims().list(namespace)) {
      if (claim.block()) {
        block++;
      } else if (claim.bound()) {
        files.put(claim.name(), claim);
      }
    }
    findings.add(
        ClusterFinding.fine(
            MODES,
            "%d claims in Block mode, %d bound in Filesystem mode".formatted(block, files.size())));
    List<ClusterFinding> trapped = new ArrayList<>();
    for (PodFacts pod : cluster.inventory().pods(namespace)) {
      if (!pod.annotations().containsKey(HOOK)) {
        for (PodFacts.Mount mount : pod.mounts()) {
          if (files.containsKey(new ObjectName(pod.name().namespace(), mount.claim()))) {
            trapped.add(trap(pod, mount));
          }
        }
      }
    }
    findings.addAll(trapped.subList(0, Math.min(LISTED, trapped.size())));
    if (trapped.size() > LISTED) {
      findings.add(
          ClusterFinding.warning(
              TRAP,
              "the same of %d more mounts".formatted(trapped.size() - LISTED),
              "as above",
              "mover doctor --cluster --namespace NAME lists those of one namespace"));
    }
    return findings;
  }

  private static ClusterFinding trap(PodFacts pod, PodFacts.Mount mount) {
    return ClusterFinding.warning(
        TRAP,
        "pod %s writes to claim %s through a file system, and nothing flushes it before a snapshot"
            .formatted(pod.name(), mount.claim()),
        "what is still in the node's page cache is not in the snapshot: the backup lacks the last"
            + " seconds, and a tracker may truly report that nothing changed",
        """
        kubectl annotate -n %1$s pod/%2$s \\
          pre.hook.backup.velero.io/container=%3$s \\
          pre.hook.backup.velero.io/command='["/sbin/fsfreeze","--freeze","%4$s"]' \\
          post.hook.backup.velero.io/container=%3$s \\
          post.hook.backup.velero.io/command='["/sbin/fsfreeze","--unfreeze","%4$s"]'"""
            .formatted(pod.name().namespace(), pod.name().name(), mount.container(), mount.path()));
  }
}
