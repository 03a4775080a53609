package io.blockmover.kubernetes.exposure;

import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.api.ClusterUnavailable;
import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.ObjectName;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A pod that runs mover once, on one Block claim or without any. */
final class MoverPod {

  /** Reasons to wait that waiting does not end. */
  private static final Set<String> HOPELESS =
      Set.of(
          "ErrImageNeverPull",
          "ImagePullBackOff",
          "InvalidImageName",
          "CreateContainerConfigError",
          "CreateContainerError",
          "RunContainerError");

  private static final int LINES = 200;

  private final Cluster cluster;
  private final ObjectName name;
  private final Pace pace;
  private final Watch watch;

  MoverPod(Cluster cluster, ObjectName name, Pace pace, Watch watch) {
    this.cluster = cluster;
    this.name = name;
    this.pace = pace;
    this.watch = watch;
  }

  /**
   * Creates it.
   *
   * @param claim that is its device; empty for none
   */
  void create(Optional<String> claim, PodRequest request, Map<String, String> labels, Object owner)
      throws MoverException {
    Map<String, Object> container = new LinkedHashMap<>();
    container.put("name", "mover");
    container.put("image", request.image());
    container.put("imagePullPolicy", "IfNotPresent");
    container.put("args", request.arguments());
    container.put("envFrom", List.of(Map.of("secretRef", Map.of("name", request.secret()))));
    container.put("securityContext", Map.of("runAsUser", 0, "allowPrivilegeEscalation", false));
    container.put("terminationMessagePolicy", "FallbackToLogsOnError");
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("restartPolicy", "Never");
    spec.put("serviceAccountName", request.serviceAccount());
    spec.put("containers", List.of(container));
    if (claim.isPresent()) {
      container.put(
          "volumeDevices", List.of(Map.of("name", "volume", "devicePath", PodRequest.DEVICE)));
      Map<String, String> source = Map.of("claimName", claim.get());
      spec.put("volumes", List.of(Map.of("name", "volume", "persistentVolumeClaim", source)));
    }
    cluster
        .objects()
        .ensure(
            ObjectKind.POD,
            name,
            Map.of(
                "metadata",
                Map.of("labels", labels, "ownerReferences", List.of(owner)),
                "spec",
                spec));
  }

  /**
   * How it ended.
   *
   * @param exitCode of mover
   * @param lastLine that it printed; empty if none
   */
  record End(int exitCode, String lastLine) {}

  /** Waits until it has ended, and passes on what it prints. */
  End await(RunLease lease) throws MoverException {
    long startBy = System.nanoTime() + pace.step().toNanos();
    @Nullable String last = null;
    while (true) {
      lease.requireHeld();
      ClusterObject pod =
          cluster
              .objects()
              .find(ObjectKind.POD, name)
              .orElseThrow(
                  () ->
                      ClusterObjectUnusable.missing(
                          "pod " + name + " was deleted by somebody else",
                          "run the command again: what was uploaded is not uploaded again"));
      String phase = pod.text("status", "phase").orElse("Pending");
      if (phase.equals("Pending")) {
        requireHope(pod, startBy);
      } else {
        last = passOn(last);
      }
      if (phase.equals("Succeeded") || phase.equals("Failed")) {
        return new End(exitCode(pod), last == null ? "" : last);
      }
      watch.pause(pace);
    }
  }

  private void requireHope(ClusterObject pod, long startBy) throws MoverException {
    String reason = state(pod, "waiting", "reason");
    if (HOPELESS.contains(reason)) {
      throw ClusterObjectUnusable.refused(
          "pod %s cannot start: %s %s".formatted(name, reason, state(pod, "waiting", "message")),
          "look at --image, --secret and --service-account");
    }
    if (System.nanoTime() > startBy) {
      throw new ClusterUnavailable(
          "pod %s has not started in %d s %s".formatted(name, pace.step().toSeconds(), reason),
          "kubectl describe pod -n %s %s".formatted(name.namespace(), name.name()),
          null);
    }
  }

  /** Passes on the lines after the one that was passed on last; the last one now. */
  private @Nullable String passOn(@Nullable String last) throws MoverException {
    List<String> lines;
    try {
      lines = cluster.podLogs().tail(name, Instant.EPOCH, LINES);
    } catch (ClusterUnavailable e) {
      return last; // Nothing depends on it until the end.
    }
    int from = last == null ? 0 : lines.lastIndexOf(last) + 1;
    lines.subList(from, lines.size()).forEach(watch::line);
    return lines.isEmpty() ? last : lines.getLast();
  }

  private static String state(ClusterObject pod, String state, String field) {
    Object value = pod.object().get("status", "containerStatuses", 0, "state", state, field);
    return value == null ? "" : value.toString();
  }

  private static int exitCode(ClusterObject pod) throws MoverException {
    String code = state(pod, "terminated", "exitCode");
    if (code.isEmpty()) {
      throw new ClusterUnavailable(
          "pod %s ended without an exit code: %s %s"
              .formatted(
                  pod.name(),
                  pod.text("status", "reason").orElse(""),
                  pod.text("status", "message").orElse("")),
          "the node may have died; run the command again",
          null);
    }
    return Integer.parseInt(code);
  }
}
