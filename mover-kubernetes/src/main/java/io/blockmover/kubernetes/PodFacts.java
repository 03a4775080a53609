package io.blockmover.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A pod and the claims in it.
 *
 * @param ended whether it has succeeded or failed
 * @param mounts claims that it mounts as file systems
 */
public record PodFacts(
    ObjectName name, boolean ended, Map<String, String> annotations, List<Mount> mounts) {

  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  /** Where a container sees a claim's file system. */
  public record Mount(String claim, String container, String path) {}

  public PodFacts {
    annotations = Map.copyOf(annotations);
    mounts = List.copyOf(mounts);
  }

  static PodFacts of(Pod pod) {
    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    List<Mount> mounts = new ArrayList<>();
    for (Volume volume : pod.getSpec().getVolumes()) {
      if (volume.getPersistentVolumeClaim() != null) {
        mounts(pod, volume, mounts);
      }
    }
    return new PodFacts(
        new ObjectName(pod.getMetadata().getNamespace(), pod.getMetadata().getName()),
        pod.getStatus() != null && ENDED.contains(pod.getStatus().getPhase()),
        annotations == null ? Map.of() : annotations,
        mounts);
  }

  private static void mounts(Pod pod, Volume volume, List<Mount> mounts) {
    String claim = volume.getPersistentVolumeClaim().getClaimName();
    for (Container container : pod.getSpec().getContainers()) {
      container.getVolumeMounts().stream()
          .filter(mount -> mount.getName().equals(volume.getName()))
          .forEach(
              mount -> mounts.add(new Mount(claim, container.getName(), mount.getMountPath())));
    }
  }
}
