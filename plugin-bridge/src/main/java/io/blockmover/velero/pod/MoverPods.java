package io.blockmover.velero.pod;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.kubernetes.PodLogs;
import io.blockmover.velero.settings.BridgeEnvironment;
import io.blockmover.velero.settings.BridgeSettings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes, looks at and ends pods. Thread-safe; each call asks the API server. */
public final class MoverPods {

  private static final int LINES = 20;

  private final ClusterObjects objects;
  private final PodLogs logs;
  private final BridgeEnvironment environment;
  private final Supplier<BridgeSettings> settings;

  public MoverPods(
      ClusterObjects objects,
      PodLogs logs,
      BridgeEnvironment environment,
      Supplier<BridgeSettings> settings) {
    this.objects = objects;
    this.logs = logs;
    this.environment = environment;
    this.settings = settings;
  }

  /**
   * How far a pod is.
   *
   * @param totalBytes 0 while it is not known
   */
  public record Progress(long doneBytes, long totalBytes) {}

  public Optional<PodView> find(ObjectName name) throws MoverException {
    return objects.find(ObjectKind.POD, name).map(PodView::new);
  }

  /** Makes the pod; one of that name that is there already is our own. */
  public PodView ensure(PodJob job) throws MoverException {
    Map<String, Object> body = PodSpec.body(job, environment, settings.get().pods());
    return new PodView(objects.ensure(ObjectKind.POD, job.name(), body));
  }

  /**
   * Begins to end a pod, with the grace that it has: never by force, since the kubelet must have
   * given up the device before anybody else uses the volume. It is gone when {@link #find} says so.
   */
  public void delete(ObjectName name, PodView pod) throws MoverException {
    if (!pod.deleting()) {
      objects.delete(ObjectKind.POD, name.namespace(), pod.pod());
    }
  }

  /** All pods with these labels. */
  public List<ClusterObject> list(Map<String, String> labels) throws MoverException {
    return objects.list(ObjectKind.POD, environment.namespace(), labels);
  }

  /** How far it is by what it printed last; empty while it has printed nothing. */
  public Optional<Progress> progress(ObjectName name) throws MoverException {
    return logs.tail(name, Instant.EPOCH, LINES).reversed().stream()
        .flatMap(line -> PodLogs.document(line).stream())
        .filter(document -> "progress".equals(document.get("type")))
        .map(
            document -> new Progress(number(document, "doneBytes"), number(document, "totalBytes")))
        .findFirst();
  }

  private static long number(Map<String, Object> document, String field) {
    return document.get(field) instanceof Number number ? number.longValue() : 0;
  }
}
