package io.blockmover.velero.settings;

import java.util.List;
import java.util.Map;

/**
 * What pods are made with. What Kubernetes has its own words for is passed on as it stands.
 *
 * @param resources as a container's
 * @param nodeSelector as a pod's
 * @param affinity as a pod's; empty for none
 * @param tolerations as a pod's
 * @param priorityClass empty for none
 * @param labels besides ours
 * @param annotations of the pod
 * @param environment further variables of the container, such as MOVER_HEAP
 * @param arguments further arguments of {@code mover pod backup} and {@code mover pod restore}
 * @param perStorageClass resources of pods for volumes of a class
 */
public record PodSettings(
    Map<String, Object> resources,
    Map<String, String> nodeSelector,
    Map<String, Object> affinity,
    List<Map<String, Object>> tolerations,
    String priorityClass,
    Map<String, String> labels,
    Map<String, String> annotations,
    Map<String, String> environment,
    List<String> arguments,
    Map<String, Map<String, Object>> perStorageClass) {

  public static final PodSettings STANDARD =
      new PodSettings(
          Map.of(), Map.of(), Map.of(), List.of(), "", Map.of(), Map.of(), Map.of(), List.of(),
          Map.of());

  public PodSettings {
    resources = Map.copyOf(resources);
    nodeSelector = Map.copyOf(nodeSelector);
    affinity = Map.copyOf(affinity);
    tolerations = List.copyOf(tolerations);
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
    environment = Map.copyOf(environment);
    arguments = List.copyOf(arguments);
    perStorageClass = Map.copyOf(perStorageClass);
  }

  /** The resources for a volume of a class. */
  public Map<String, Object> resources(String storageClass) {
    return perStorageClass.getOrDefault(storageClass, resources);
  }
}
