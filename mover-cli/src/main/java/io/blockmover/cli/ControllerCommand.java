package io.blockmover.cli;

import io.blockmover.api.Cancelled;
import io.blockmover.cli.output.Output;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.velero.controller.Elected;
import io.blockmover.velero.metrics.ClusterFigures;
import io.blockmover.velero.metrics.Exposition;
import io.blockmover.velero.settings.BridgeEnvironment;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mover controller}. */
@Command(
    name = "controller",
    header = "Move data for Velero: carry out its DataUploads and DataDownloads.",
    description = {
      "Runs in Velero's namespace until it is stopped; deploy/chart installs it. Users then back up"
          + " with velero backup create --snapshot-move-data --data-mover blockmover. Each volume"
          + " is moved by a pod of its own. Of several controllers one works, and what one leaves"
          + " undone the next one finishes.",
      "%nEnvironment: VELERO_NAMESPACE, MOVER_IMAGE (of the pods), MOVER_POD_SERVICE_ACCOUNT."
    },
    footer = {
      "  mover controller --config /etc/blockmover/config.yaml --rules /etc/blockmover/rules.yaml"
    })
final class ControllerCommand extends Subcommand {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Settings in YAML, read again when they change; bad ones are refused, and the old hold.")
  private @Nullable Path config;

  @Option(
      names = "--rules",
      paramLabel = "FILE",
      description = "Rules in YAML: which trackers are asked about which volume. As --config.")
  private @Nullable Path rules;

  @Option(
      names = "--metrics-port",
      paramLabel = "N",
      defaultValue = "0",
      description = "Serve /metrics for Prometheus, /healthz and /readyz. Default: 0, not at all.")
  private int metricsPort;

  @Override
  int run(Output output) throws Exception {
    BridgeEnvironment environment = environment();
    InstantSource clock = InstantSource.system();
    Cancellation stop = new Cancellation();
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    ControllerFiles files = new ControllerFiles(config, rules, registry);
    try (Cluster cluster = ClusterSnapshot.open(surroundings());
        Interruption.Scope _ = interruption().running(stop)) {
      Elected elected =
          new Elected(
              cluster,
              environment,
              clock,
              new ControllerWork(cluster, environment, files, registry, clock),
              stop::requested);
      ControllerPort.ControllerFigures figures =
          () -> {
            String mover = files.settings().dataMover();
            return Exposition.text(
                    new ClusterFigures(cluster, environment.namespace(), mover).read())
                + registry.scrape();
          };
      try (ControllerPort _ = ControllerPort.open(metricsPort, figures, elected::alive)) {
        output.line("waiting for the Lease in namespace " + environment.namespace());
        if (!elected.run()) {
          throw Complaint.failure(
              "another controller has taken the Lease over",
              "nothing: the kubelet starts this one again");
        }
      }
    }
    throw new Cancelled("the controller was stopped", "the next one goes on where it was");
  }

  private BridgeEnvironment environment() throws Complaint {
    return new BridgeEnvironment(
        required("VELERO_NAMESPACE", "the namespace that Velero runs in"),
        required("MOVER_IMAGE", "the image of the pods that move data"),
        required("MOVER_POD_SERVICE_ACCOUNT", "what those pods run as"),
        Optional.ofNullable(Host.name()).filter(name -> !name.isEmpty()).orElse("blockmover"));
  }

  private String required(String variable, String meaning) throws Complaint {
    return surroundings()
        .variable(variable)
        .orElseThrow(
            () ->
                Complaint.usage(
                    variable + " is not set: " + meaning, "install the chart, which sets it"));
  }
}
