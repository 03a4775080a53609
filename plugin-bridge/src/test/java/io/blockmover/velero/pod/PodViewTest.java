package io.blockmover.velero.pod;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.blockmover.kubernetes.ClusterObject;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PodViewTest {

  private static final Instant MADE = Instant.parse("2026-01-01T00:00:00Z");

  private static PodState state(String status, Instant now) {
    return state("", status, now);
  }

  private static PodState state(String metadata, String status, Instant now) {
    String json =
        """
        {"apiVersion": "v1", "kind": "Pod",
         "metadata": {"namespace": "velero", "name": "bm-1", %s
                      "creationTimestamp": "2026-01-01T00:00:00Z"},
         "spec": {"nodeName": "node-1"}, "status": %s}
        """
            .formatted(metadata, status);
    try {
      return new PodView(
              new ClusterObject(
                  new ObjectMapper().readValue(json, GenericKubernetesResource.class)))
          .state(now);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  private static String ended(String phase, int code, String reason, String message) {
    return """
    {"phase": "%s", "containerStatuses": [{"state": {"terminated":
      {"exitCode": %d, "reason": "%s", "message": "%s"}}}]}
    """
        .formatted(phase, code, reason, message.replace("\"", "\\\"").replace("\n", "\\n"));
  }

  @Test
  void aPodWithoutAStatusWaits() {
    assertThat(state("{}", MADE)).isEqualTo(new PodState.Waiting(""));
  }

  @Test
  void whatTheSchedulerSaysIsPassedOn() {
    assertThat(
            state(
                """
                {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False",
                 "message": "0/3 nodes are available"}]}
                """,
                MADE))
        .isEqualTo(new PodState.Waiting("0/3 nodes are available"));
  }

  @Test
  void anImageThatWillNeverBeThereIsHopelessAndOneThatIsLateIsAfterTwoMinutes() {
    String never =
        "{\"phase\":\"Pending\",\"containerStatuses\":[{\"state\":{\"waiting\":{\"reason\":\"InvalidImageName\"}}}]}";
    assertThat(state(never, MADE)).isInstanceOf(PodState.Hopeless.class);
    String late = never.replace("InvalidImageName", "ImagePullBackOff");
    assertThat(state(late, MADE.plusSeconds(119))).isInstanceOf(PodState.Waiting.class);
    assertThat(state(late, MADE.plusSeconds(121))).isInstanceOf(PodState.Hopeless.class);
  }

  @Test
  void aSecretThatIsMissingSaysWhatToMake() {
    assertThat(
            state(
                "{\"phase\":\"Pending\",\"containerStatuses\":[{\"state\":{\"waiting\":{\"reason\":\"CreateContainerConfigError\",\"message\":\"secret"
                    + " x not found\"}}}]}",
                MADE))
        .isInstanceOfSatisfying(
            PodState.Hopeless.class,
            hopeless -> {
              assertThat(hopeless.why()).contains("velero/bm-1").contains("secret x not found");
              assertThat(hopeless.advice()).contains("make the Secret");
            });
  }

  @Test
  void theLastDocumentOfTheMessageIsTheResult() {
    String log = "some noise\n{\"type\":\"progress\"}\n{\"type\":\"backup\",\"backup\":\"b1\"}";
    assertThat(state(ended("Succeeded", 0, "Completed", log), MADE))
        .isInstanceOfSatisfying(
            PodState.Ended.class,
            end -> {
              assertThat(end.exitCode()).isZero();
              assertThat(end.report().backup()).contains("b1");
              assertThat(end.node()).isEqualTo("node-1");
            });
  }

  @Test
  void whatSaysNothingDied() {
    assertThat(state("{\"phase\":\"Failed\",\"reason\":\"Evicted\",\"message\":\"disk\"}", MADE))
        .isInstanceOfSatisfying(
            PodState.Died.class, died -> assertThat(died.why()).contains("Evicted disk"));
    assertThat(state(ended("Failed", 137, "OOMKilled", ""), MADE))
        .isInstanceOfSatisfying(
            PodState.Died.class, died -> assertThat(died.why()).contains("raise pods.resources"));
    assertThat(state(ended("Failed", 130, "Error", "{\"type\":\"error\"}"), MADE))
        .as("told to end: it goes on elsewhere")
        .isInstanceOf(PodState.Died.class);
    assertThat(state(ended("Failed", 1, "Error", "no document"), MADE))
        .isInstanceOfSatisfying(
            PodState.Died.class, died -> assertThat(died.why()).contains("no document"));
  }

  @Test
  void aPodThatShouldBeGoneForAMinuteIsOnADeadNode() {
    String deleted = "\"deletionTimestamp\": \"2026-01-01T00:10:00Z\",";
    Instant gone = MADE.plus(Duration.ofMinutes(10));
    String running = "{\"phase\":\"Running\"}";
    assertThat(state(deleted, running, gone.plusSeconds(59))).isInstanceOf(PodState.Running.class);
    assertThat(state(deleted, running, gone.plusSeconds(61)))
        .isInstanceOfSatisfying(
            PodState.Died.class,
            died -> assertThat(died.why()).contains("node node-1 does not answer"));
  }
}
