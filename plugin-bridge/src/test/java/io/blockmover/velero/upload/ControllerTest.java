package io.blockmover.velero.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.kubernetes.Cluster;
import io.blockmover.velero.controller.Controller;
import io.blockmover.velero.settings.BridgeEnvironment;
import io.blockmover.velero.settings.BridgeSettings;
import io.blockmover.velero.settings.Concurrency;
import io.blockmover.velero.transfer.TransferKind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole controller, with its threads and watches, on a cluster that goes on by itself. */
class ControllerTest {

  @TempDir private Path directory;

  @Test
  @Timeout(60)
  void uploadsThatAppearAreCarriedOutWithinTheLimits() throws Exception {
    SimulatedCluster simulated = new SimulatedCluster();
    BridgeSettings usual = BridgeSettings.STANDARD;
    BridgeSettings settings =
        new BridgeSettings(
            usual.dataMover(),
            usual.dedupDomain(),
            usual.locations(),
            usual.prepareTimeout(),
            usual.podRestarts(),
            usual.exposeAs(),
            usual.ignoreDelayBinding(),
            new Concurrency(1, 8, Map.of(), 0, 0),
            usual.pods());
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (Cluster cluster = Cluster.open(simulated.server.kubeconfig(directory));
        Controller controller =
            new Controller(
                cluster,
                new BridgeEnvironment("velero", "mover:1", "mover-pod", "me"),
                () -> settings,
                admission ->
                    Map.of(
                        TransferKind.UPLOAD,
                        new UploadReconciler(
                            cluster,
                            admission,
                            VolumeRules.NONE,
                            new BridgeEnvironment("velero", "mover:1", "mover-pod", "me"),
                            () -> settings,
                            InstantSource.system())),
                List.of(),
                registry,
                InstantSource.system())) {
      simulated.backup("monday", SimulatedCluster.UID);
      controller.start();
      simulated.backup("tuesday", SimulatedCluster.UID.replace("0001", "0002"));
      boolean queued = false;
      while (!(simulated.phase("monday").equals("Completed")
          && simulated.phase("tuesday").equals("Completed"))) {
        simulated.settle();
        queued |= simulated.message("tuesday").startsWith("queued: 1st of 1");
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      }
      assertThat(queued).isTrue();
      for (int i = 0; i < 20; i++) {
        simulated.settle();
      }
      assertThat(simulated.made()).isEmpty();
      assertThat(simulated.snapshots).isEmpty();
      assertThat(controller.alive()).isTrue();
      assertThat(registry.counter("blockmover.controller.steps", "outcome", "done").count())
          .isPositive();
    } finally {
      simulated.server.close();
    }
  }
}
