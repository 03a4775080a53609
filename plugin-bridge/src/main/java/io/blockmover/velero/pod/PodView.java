package io.blockmover.velero.pod;

import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.PodLogs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A pod of ours as it was read, and what that means. */
public record PodView(ClusterObject pod) {

  /** Reasons to wait that waiting does not end. */
  private static final Set<String> HOPELESS =
      Set.of(
          "ErrImageNeverPull",
          "InvalidImageName",
          "CreateContainerConfigError",
          "CreateContainerError",
          "RunContainerError");

  /** A reason that a registry which is away for a moment gives, too. */
  private static final String PULL = "ImagePullBackOff";

  private static final Duration PULL_PATIENCE = Duration.ofMinutes(2);

  /** After this long past its time, a pod that does not vanish is on a node that is dead. */
  private static final Duration NODE_PATIENCE = Duration.ofSeconds(60);

  /** Exit codes of a process that was told to end, or killed. */
  private static final Set<Integer> KILLED = Set.of(130, 134, 135, 137, 139, 143);

  /** Where it stands at a time. */
  public PodState state(Instant now) {
    String phase = pod.text("status", "phase").orElse("Pending");
    return switch (phase) {
      case "Succeeded", "Failed" -> ended();
      case "Unknown" -> new PodState.Died("nobody knows what became of " + what());
      default -> {
        if (lost(now)) {
          yield new PodState.Died(
              what()
                  + " should be gone since "
                  + pod.object().getMetadata().getDeletionTimestamp()
                  + ": "
                  + nodeText()
                  + " does not answer");
        }
        yield phase.equals("Running") ? new PodState.Running(node()) : waiting(now);
      }
    };
  }

  /** Whether somebody has begun to delete it. */
  public boolean deleting() {
    return pod.deleting();
  }

  public String node() {
    return pod.text("spec", "nodeName").orElse("");
  }

  private String nodeText() {
    return node().isEmpty() ? "its node" : "node " + node();
  }

  private String what() {
    return "pod " + pod.object().getMetadata().getNamespace() + "/" + pod.name();
  }

  private boolean lost(Instant now) {
    String time = pod.object().getMetadata().getDeletionTimestamp();
    return time != null && Instant.parse(time).plus(NODE_PATIENCE).isBefore(now);
  }

  private PodState waiting(Instant now) {
    String reason = state("waiting", "reason");
    String message = state("waiting", "message");
    boolean pulls = reason.equals(PULL);
    if (HOPELESS.contains(reason) || (pulls && created().plus(PULL_PATIENCE).isBefore(now))) {
      return new PodState.Hopeless(
          "%s cannot start: %s %s".formatted(what(), reason, message).strip(),
          advice(reason, pulls));
    }
    if (!reason.isEmpty() && !reason.equals("ContainerCreating")) {
      return new PodState.Waiting((reason + " " + message).strip());
    }
    return new PodState.Waiting(unscheduled().orElse(reason));
  }

  private String advice(String reason, boolean pulls) {
    if (pulls || reason.contains("Image")) {
      return "correct the image that the controller is given (MOVER_IMAGE), or let the nodes pull"
          + " it; then back up again";
    }
    return reason.equals("CreateContainerConfigError")
        ? "make the Secret or ConfigMap that it names in Velero's namespace; then try again"
        : "kubectl describe " + what().replace("pod ", "pod -n ").replace("/", " ");
  }

  /** What the scheduler says. */
  private Optional<String> unscheduled() {
    if (pod.object().get("status", "conditions") instanceof List<?> conditions) {
      return conditions.stream()
          .filter(Map.class::isInstance)
          .map(condition -> (Map<?, ?>) condition)
          .filter(condition -> "PodScheduled".equals(condition.get("type")))
          .filter(condition -> "False".equals(condition.get("status")))
          .map(condition -> Objects.toString(condition.get("message"), ""))
          .findFirst();
    }
    return Optional.empty();
  }

  private Instant created() {
    String time = pod.object().getMetadata().getCreationTimestamp();
    return time == null ? Instant.EPOCH : Instant.parse(time);
  }

  private PodState ended() {
    String code = state("terminated", "exitCode");
    if (code.isEmpty()) {
      return new PodState.Died(
          "%s ended without a word on %s: %s %s"
              .formatted(
                  what(),
                  nodeText(),
                  pod.text("status", "reason").orElse(""),
                  pod.text("status", "message").orElse(""))
              .strip());
    }
    int exitCode = Integer.parseInt(code);
    String reason = state("terminated", "reason");
    if (reason.equals("OOMKilled")) {
      return new PodState.Died(
          what() + " was killed for its memory on " + nodeText() + ": raise pods.resources");
    }
    Optional<Map<String, Object>> document = document(state("terminated", "message"));
    if (KILLED.contains(exitCode)) {
      return new PodState.Died(
          "%s was ended on %s (exit code %d)".formatted(what(), nodeText(), exitCode));
    }
    if (document.isEmpty()) {
      return new PodState.Died(
          "%s left no result on %s (exit code %d): %s"
              .formatted(what(), nodeText(), exitCode, state("terminated", "message"))
              .strip());
    }
    return new PodState.Ended(exitCode, new PodReport(document.get()), node());
  }

  /** The last line that is a document: the message may be the end of the log. */
  private static Optional<Map<String, Object>> document(String message) {
    return message.lines().map(String::strip).toList().reversed().stream()
        .flatMap(line -> PodLogs.document(line).stream())
        .findFirst();
  }

  private String state(String state, String field) {
    @Nullable Object value =
        pod.object().get("status", "containerStatuses", 0, "state", state, field);
    return value == null ? "" : value.toString();
  }
}
