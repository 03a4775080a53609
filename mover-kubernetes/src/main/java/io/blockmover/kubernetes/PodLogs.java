package io.blockmover.kubernetes;

import io.blockmover.api.MoverException;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what pods of one container print. Thread-safe. */
public final class PodLogs {

  private final KubernetesClient client;

  PodLogs(KubernetesClient client) {
    this.client = client;
  }

  /**
   * The last lines of a pod.
   *
   * @param since only later ones
   * @param atMost how many at most
   */
  public List<String> tail(ObjectName pod, Instant since, int atMost) throws MoverException {
    String path =
        "/api/v1/namespaces/%s/pods/%s/log?tailLines=%d"
            .formatted(pod.namespace(), pod.name(), atMost);
    String from = since.equals(Instant.EPOCH) ? "" : "&sinceTime=" + since;
    // Not the client's own method: it watches the pod first, and that for each look.
    String log = ApiCalls.call("read the output of pod " + pod, () -> client.raw(path + from));
    return log == null ? List.of() : log.lines().toList();
  }

  /** A line as the JSON document that it is; empty if it is none. */
  @SuppressWarnings("unchecked") // keys of JSON objects are strings
  public static Optional<Map<String, Object>> document(String line) {
    if (!line.startsWith("{")) {
      return Optional.empty();
    }
    try {
      return Optional.of(Serialization.unmarshal(line, Map.class));
    } catch (KubernetesClientException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
