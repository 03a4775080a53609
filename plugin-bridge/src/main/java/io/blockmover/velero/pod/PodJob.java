package io.blockmover.velero.pod;

import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.location.RepositoryAccess;
import java.util.List;
import java.util.Map;

/**
 * What one pod is for.
 *
 * @param labels of the pod, by which it is found again
 * @param owner with which it goes
 * @param claim in Block mode, which the pod sees as {@code /dev/blockmover}; empty for none
 * @param arguments of mover
 * @param storageClass of the volume, for the resources that are set for it
 * @param placement a node selector's terms ({@code nodeSelectorTerms}) that the volume asks for;
 *     empty for any node
 * @param node the one node that it may run on; empty for any
 * @param apiAccess whether it asks the API server, and needs a token for that
 */
public record PodJob(
    ObjectName name,
    Map<String, String> labels,
    Map<String, Object> owner,
    String claim,
    List<String> arguments,
    RepositoryAccess access,
    String storageClass,
    List<Map<String, Object>> placement,
    String node,
    boolean apiAccess) {

  public PodJob {
    labels = Map.copyOf(labels);
    owner = Map.copyOf(owner);
    arguments = List.copyOf(arguments);
    placement = List.copyOf(placement);
  }
}
