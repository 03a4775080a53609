package io.blockmover.cli;

import io.blockmover.api.ClusterUnavailable;
import io.blockmover.cli.output.Output;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.velero.drain.Drain;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mover drain}. */
@Command(
    name = "drain",
    header = "Before the controller is removed: end its transfers, release its kept snapshots.",
    description = {
      "Cancels DataUploads and DataDownloads of this data mover, waits until the controller has"
          + " ended them, and deletes the snapshots that were kept for the next backups. Backups"
          + " stay where they are; the next ones compare. The chart runs it before it is"
          + " uninstalled."
    },
    footer = {"  mover drain --namespace velero"})
final class DrainCommand extends Subcommand {

  private static final Duration PAUSE = Duration.ofSeconds(1);

  @Option(
      names = "--namespace",
      paramLabel = "NS",
      defaultValue = "velero",
      description = "Velero's. Default: ${DEFAULT-VALUE}.")
  private String namespace = "velero";

  @Option(
      names = "--data-mover",
      paramLabel = "NAME",
      defaultValue = "blockmover",
      description = "The name that it has for Velero's users. Default: ${DEFAULT-VALUE}.")
  private String dataMover = "blockmover";

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description = "Give up after this time. Default: ${DEFAULT-VALUE}.")
  private long patienceSeconds = 600;

  @Override
  int run(Output output) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(patienceSeconds).toNanos();
    try (Cluster cluster = ClusterSnapshot.open(surroundings())) {
      Drain drain = new Drain(cluster, namespace, dataMover);
      String told = "";
      for (Optional<String> left = drain.step(); left.isPresent(); left = drain.step()) {
        String text = "waiting for " + left.get();
        if (System.nanoTime() > end) {
          throw new ClusterUnavailable(
              text + ", in vain for " + patienceSeconds + " s",
              "look at the controller's log; run the command again: it goes on",
              null);
        }
        if (!text.equals(told)) {
          output.note(text);
          told = text;
        }
        Thread.sleep(PAUSE);
      }
    }
    output.line("nothing is at work, and no snapshot is kept");
    output.document(Map.of("type", "drain", "namespace", namespace));
    return ExitCode.DONE;
  }
}
