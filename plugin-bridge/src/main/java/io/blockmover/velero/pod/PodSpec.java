package io.blockmover.velero.pod;

import io.blockmover.kubernetes.exposure.PodRequest;
import io.blockmover.velero.location.RepositoryAccess;
import io.blockmover.velero.settings.BridgeEnvironment;
import io.blockmover.velero.settings.PodSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A mover's pod as the API server takes it: no privilege, nothing writable but /tmp. */
final class PodSpec {

  private static final String NAME = "name";
  private static final String TMP = "tmp";
  private static final int OWNER_READS = 0400;
  private static final int GRACE_SECONDS = 30;

  /** How long a pod stays on a node that does not answer: it resumes elsewhere. */
  private static final int LOST_NODE_SECONDS = 120;

  private PodSpec() {}

  static Map<String, Object> body(PodJob job, BridgeEnvironment environment, PodSettings settings) {
    Map<String, String> labels = new HashMap<>(settings.labels());
    labels.putAll(job.labels());
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("labels", labels);
    metadata.put("annotations", settings.annotations());
    if (!job.owner().isEmpty()) {
      metadata.put("ownerReferences", List.of(job.owner()));
    }
    return Map.of("metadata", metadata, "spec", spec(job, environment, settings));
  }

  private static Map<String, Object> spec(
      PodJob job, BridgeEnvironment environment, PodSettings settings) {
    Map<String, Object> spec = new HashMap<>();
    spec.put("restartPolicy", "Never");
    spec.put("terminationGracePeriodSeconds", GRACE_SECONDS);
    spec.put("serviceAccountName", environment.podServiceAccount());
    spec.put("automountServiceAccountToken", job.apiAccess());
    spec.put("enableServiceLinks", false);
    spec.put("securityContext", Map.of("seccompProfile", Map.of("type", "RuntimeDefault")));
    spec.put("containers", List.of(container(job, environment, settings)));
    spec.put("volumes", volumes(job));
    spec.put("nodeSelector", nodeSelector(job, settings));
    spec.put("tolerations", tolerations(settings));
    Map<String, Object> affinity = Placement.affinity(settings.affinity(), job.placement());
    if (!affinity.isEmpty()) {
      spec.put("affinity", affinity);
    }
    if (!settings.priorityClass().isEmpty()) {
      spec.put("priorityClassName", settings.priorityClass());
    }
    return spec;
  }

  private static Map<String, String> nodeSelector(PodJob job, PodSettings settings) {
    Map<String, String> selector = new HashMap<>(settings.nodeSelector());
    selector.put("kubernetes.io/os", "linux");
    if (!job.node().isEmpty()) {
      selector.put("kubernetes.io/hostname", job.node());
    }
    return selector;
  }

  private static List<Map<String, Object>> tolerations(PodSettings settings) {
    List<Map<String, Object>> all = new ArrayList<>(settings.tolerations());
    for (String taint : List.of("not-ready", "unreachable")) {
      all.add(
          Map.of(
              "key",
              "node.kubernetes.io/" + taint,
              "operator",
              "Exists",
              "effect",
              "NoExecute",
              "tolerationSeconds",
              LOST_NODE_SECONDS));
    }
    return all;
  }

  private static Map<String, Object> container(
      PodJob job, BridgeEnvironment environment, PodSettings settings) {
    Map<String, Object> container = new HashMap<>();
    container.put(NAME, "mover");
    container.put("image", environment.image());
    container.put("imagePullPolicy", "IfNotPresent");
    container.put("args", job.arguments());
    container.put("env", variables(job.access(), settings));
    container.put("resources", settings.resources(job.storageClass()));
    container.put(
        "securityContext",
        Map.of(
            "runAsUser",
            0, // Device nodes belong to root.
            "privileged",
            false,
            "allowPrivilegeEscalation",
            false,
            "readOnlyRootFilesystem",
            true,
            "capabilities",
            Map.of("drop", List.of("ALL"))));
    container.put("terminationMessagePolicy", "FallbackToLogsOnError");
    if (!job.claim().isEmpty()) {
      container.put(
          "volumeDevices", List.of(Map.of(NAME, "volume", "devicePath", PodRequest.DEVICE)));
    }
    container.put("volumeMounts", mounts(job.access()));
    return container;
  }

  private static List<Map<String, Object>> variables(
      RepositoryAccess access, PodSettings settings) {
    Map<String, String> all = new TreeMap<>(settings.environment());
    all.putAll(access.environment());
    return all.entrySet().stream()
        .map(each -> Map.<String, Object>of(NAME, each.getKey(), "value", each.getValue()))
        .toList();
  }

  private static List<Map<String, Object>> mounts(RepositoryAccess access) {
    List<Map<String, Object>> mounts = new ArrayList<>();
    mounts.add(Map.of(NAME, TMP, "mountPath", "/tmp"));
    for (int i = 0; i < access.mounts().size(); i++) {
      mounts.add(
          Map.of(
              NAME,
              "file-" + i,
              "mountPath",
              access.mounts().get(i).directory(),
              "readOnly",
              true));
    }
    return mounts;
  }

  private static List<Map<String, Object>> volumes(PodJob job) {
    List<Map<String, Object>> volumes = new ArrayList<>();
    volumes.add(Map.of(NAME, TMP, "emptyDir", Map.of()));
    if (!job.claim().isEmpty()) {
      volumes.add(
          Map.of(NAME, "volume", "persistentVolumeClaim", Map.of("claimName", job.claim())));
    }
    for (int i = 0; i < job.access().mounts().size(); i++) {
      RepositoryAccess.SecretFile file = job.access().mounts().get(i);
      volumes.add(
          Map.of(
              NAME,
              "file-" + i,
              "secret",
              Map.of(
                  "secretName",
                  file.secret(),
                  "items",
                  List.of(Map.of("key", file.key(), "path", file.file())),
                  "defaultMode",
                  OWNER_READS,
                  "optional",
                  file.optional())));
    }
    return volumes;
  }
}
