package io.blockmover.cli;

import io.blockmover.kubernetes.Cluster;
import io.blockmover.velero.controller.Admission;
import io.blockmover.velero.controller.Chore;
import io.blockmover.velero.controller.Controller;
import io.blockmover.velero.controller.Elected;
import io.blockmover.velero.controller.Reconciler;
import io.blockmover.velero.download.DownloadReconciler;
import io.blockmover.velero.download.OrphanedVolumes;
import io.blockmover.velero.settings.BridgeEnvironment;
import io.blockmover.velero.sweep.SweepPods;
import io.blockmover.velero.transfer.TransferKind;
import io.blockmover.velero.upload.UploadReconciler;
import io.blockmover.velero.upload.UploadSweep;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** What the elected controller is made of. */
final class ControllerWork implements Elected.Work {

  private static final Duration SWEEP = Duration.ofMinutes(10);

  private final Cluster cluster;
  private final BridgeEnvironment environment;
  private final ControllerFiles files;
  private final MeterRegistry registry;
  private final InstantSource clock;

  ControllerWork(
      Cluster cluster,
      BridgeEnvironment environment,
      ControllerFiles files,
      MeterRegistry registry,
      InstantSource clock) {
    this.cluster = cluster;
    this.environment = environment;
    this.files = files;
    this.registry = registry;
    this.clock = clock;
  }

  @Override
  public Controller controller() {
    UploadSweep sweep = new UploadSweep(cluster, environment.namespace(), clock);
    OrphanedVolumes orphans =
        new OrphanedVolumes(cluster.objects(), environment.namespace(), clock);
    SweepPods locations = new SweepPods(cluster, environment, files::settings, clock);
    return new Controller(
        cluster,
        environment,
        files::settings,
        this::reconcilers,
        List.of(
            new Chore("sweep", SWEEP, sweep::run),
            new Chore("volumes of restores", SWEEP, orphans::sweep),
            new Chore("sweep of locations", SWEEP, locations::run)),
        registry,
        clock);
  }

  private Map<TransferKind, Reconciler> reconcilers(Admission admission) {
    return Map.of(
        TransferKind.UPLOAD,
        new UploadReconciler(
            cluster, admission, new PodRules(files::rules), environment, files::settings, clock),
        TransferKind.DOWNLOAD,
        new DownloadReconciler(cluster, admission, environment, files::settings, clock));
  }

  @Override
  public void tick() {
    files.look();
  }
}
