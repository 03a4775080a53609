package io.blockmover.velero.pod;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Joins where pods shall run with where a volume can be. */
final class Placement {

  private static final String NODE_AFFINITY = "nodeAffinity";
  private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";

  private Placement() {}

  /**
   * The affinity of a pod. What the volume asks for goes before what is set: elsewhere the pod
   * could not run at all.
   *
   * @param set may be empty
   * @param terms of the volume; empty for any node
   */
  static Map<String, Object> affinity(Map<String, Object> set, List<Map<String, Object>> terms) {
    if (terms.isEmpty()) {
      return set;
    }
    Map<String, Object> node = new HashMap<>();
    if (set.get(NODE_AFFINITY) instanceof Map<?, ?> wishes) {
      wishes.forEach((name, value) -> node.put(String.valueOf(name), value));
    }
    node.put(REQUIRED, Map.of("nodeSelectorTerms", terms));
    Map<String, Object> all = new HashMap<>(set);
    all.put(NODE_AFFINITY, node);
    return all;
  }
}
