package io.blockmover.velero.controller;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ObjectKind;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many nodes can run pods, as it was when it was looked at last. */
final class ReadyNodes {

  private static final Logger log = LoggerFactory.getLogger(ReadyNodes.class);

  private final Cluster cluster;
  private volatile int count = 1;

  ReadyNodes(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Looks. Where that fails, the last number holds. */
  void look() {
    try {
      List<ClusterObject> nodes = cluster.objects().list(ObjectKind.NODE, "", Map.of());
      count = Math.toIntExact(Math.max(1, nodes.stream().filter(ReadyNodes::ready).count()));
    } catch (MoverException e) {
      log.warn("nodes cannot be counted, {} are assumed: {}", count, e.getMessage());
    }
  }

  int count() {
    return count;
  }

  private static boolean ready(ClusterObject node) {
    return !node.flag("spec", "unschedulable").orElse(false)
        && node.object().get("status", "conditions") instanceof List<?> conditions
        && conditions.stream()
            .anyMatch(
                condition ->
                    condition instanceof Map<?, ?> fields
                        && "Ready".equals(fields.get("type"))
                        && "True".equals(fields.get("status")));
  }
}
