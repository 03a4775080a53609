package io.blockmover.velero.sweep;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.VeleroKinds;
import io.blockmover.velero.location.BackupLocations;
import io.blockmover.velero.location.Domain;
import io.blockmover.velero.location.RepositoryAccess;
import io.blockmover.velero.pod.MoverPods;
import io.blockmover.velero.pod.PodJob;
import io.blockmover.velero.pod.PodState;
import io.blockmover.velero.pod.PodView;
import io.blockmover.velero.settings.BridgeEnvironment;
import io.blockmover.velero.settings.BridgeSettings;
import io.blockmover.velero.transfer.Transfer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has each location swept once a day, by a pod that runs {@code mover pod sweep}. The pod of a day
 * stays, with its log, until the next: so nothing has to be remembered elsewhere.
 */
public final class SweepPods {

  private static final Logger log = LoggerFactory.getLogger(SweepPods.class);
  private static final Duration EVERY = Duration.ofDays(1);

  private final Cluster cluster;
  private final BridgeEnvironment environment;
  private final Supplier<BridgeSettings> settings;
  private final InstantSource clock;
  private final MoverPods pods;

  public SweepPods(
      Cluster cluster,
      BridgeEnvironment environment,
      Supplier<BridgeSettings> settings,
      InstantSource clock) {
    this.cluster = cluster;
    this.environment = environment;
    this.settings = settings;
    this.clock = clock;
    this.pods = new MoverPods(cluster.objects(), cluster.podLogs(), environment, settings);
  }

  /**
   * Does for each location what it needs now: makes its pod, or removes one of yesterday.
   *
   * @throws MoverException if the API server did not answer; what is wrong with one location is
   *     logged, and keeps nobody from the others
   */
  public void run() throws MoverException {
    for (ClusterObject location :
        cluster.objects().list(VeleroKinds.BACKUP_LOCATION, environment.namespace(), Map.of())) {
      if (!location.deleting()) {
        run(location);
      }
    }
  }

  private void run(ClusterObject location) throws MoverException {
    ObjectName name = new ObjectName(environment.namespace(), "bm-sweep-" + location.uid());
    Optional<PodView> pod = pods.find(name);
    if (pod.isPresent()) {
      removeOld(location.name(), name, pod.get());
      return;
    }
    RepositoryAccess access;
    try {
      access =
          new BackupLocations(cluster, environment.namespace())
              .access(location.name(), Domain.WHOLE, settings.get().locations());
    } catch (MoverException e) {
      log.info("{} is not swept: {}", location.name(), e.getMessage());
      return;
    }
    if (!access.readOnly()) {
      pods.ensure(job(name, location, access));
    }
  }

  private void removeOld(String location, ObjectName name, PodView pod) throws MoverException {
    PodState state = pod.state(clock.instant());
    if (state instanceof PodState.Running || state instanceof PodState.Waiting) {
      return;
    }
    if (!created(pod).plus(EVERY).isAfter(clock.instant())) {
      if (!"Succeeded".equals(pod.pod().text("status", "phase").orElse(""))) {
        log.warn(
            "the last sweep of location {} failed: kubectl logs -n {} {}",
            location,
            name.namespace(),
            name.name());
      }
      pods.delete(name, pod);
    }
  }

  private Instant created(PodView pod) {
    String time = pod.pod().object().getMetadata().getCreationTimestamp();
    return time == null ? clock.instant() : Instant.parse(time);
  }

  private static PodJob job(ObjectName name, ClusterObject location, RepositoryAccess access) {
    return new PodJob(
        name,
        Map.of(Transfer.MANAGER_LABEL, Transfer.MANAGER, "blockmover.io/role", "sweep"),
        Map.of(
            "apiVersion",
            VeleroKinds.BACKUP_LOCATION.apiVersion(),
            "kind",
            VeleroKinds.BACKUP_LOCATION.kind(),
            "name",
            location.name(),
            "uid",
            location.uid()),
        "",
        List.of("pod", "sweep", "--velero", access.place()),
        access,
        "",
        List.of(),
        "",
        false);
  }
}
