package io.blockmover.velero.upload;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.ObjectName;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/** What drivers, kubelets and schedulers complain of, in Events: the reason why nothing happens. */
final class Complaints {

  private final Cluster cluster;

  Complaints(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * The last warning about claim or pod of that name; empty if there is none, or we may not ask.
   */
  Optional<String> last(ObjectName name) {
    try {
      return cluster.objects().list(ObjectKind.EVENT, name.namespace(), Map.of()).stream()
          .filter(event -> event.text("type").orElse("").equals("Warning"))
          .filter(event -> event.text("involvedObject", "name").orElse("").equals(name.name()))
          .max(Comparator.comparing(Complaints::time))
          .map(
              event ->
                  event.text("reason").orElse("Warning") + ": " + event.text("message").orElse(""));
    } catch (MoverException e) {
      return Optional.empty(); // Nothing depends on it.
    }
  }

  private static String time(ClusterObject event) {
    return event.text("lastTimestamp").or(() -> event.text("eventTime")).orElse("");
  }
}
