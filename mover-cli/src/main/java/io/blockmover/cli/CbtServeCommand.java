package io.blockmover.cli;

import io.blockmover.api.Cancelled;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.cbt.k8s.serve.MetadataServer;
import io.blockmover.cbt.k8s.serve.ReviewedCallers;
import io.blockmover.cbt.k8s.serve.ServedSnapshots;
import io.blockmover.cbt.k8s.serve.ServiceObject;
import io.blockmover.cli.output.Output;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.kubernetes.Cluster;
import io.micrometer.core.instrument.Metrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mover cbt serve}. */
@Command(
    name = "serve",
    header = "Serve changed block tracking for a driver that has none.",
    description = {
      "Answers the SnapshotMetadata API for VolumeSnapshots that were backed up with --snapshot"
          + " into this repository, from the maps of the backups: for every backup tool, and also"
          + " for bases that the storage has forgotten.",
      "%nWith --tracker the storage itself is asked, whether there are backups or not, and the maps"
          + " only where it has lost a snapshot; then no repository is needed.",
      "%nCallers show a service account's token for the audience, and must be"
          + " allowed to get volumesnapshots in the namespace. Runs until it is stopped; a"
          + " renewed certificate is taken over.",
      "%nClients find the server by an object, which --print-object prints for kubectl apply."
    },
    footer = {
      "  mover cbt serve --tracker ceph-rbd --driver openshift-storage.rbd.csi.ceph.com \\",
      "      --tls-cert tls.crt --tls-key tls.key",
      "  mover cbt serve --driver disk.csi.example --tls-cert tls.crt --tls-key tls.key \\",
      "      --address mover-cbt.backup:50051 --print-object | kubectl apply -f -"
    })
final class CbtServeCommand extends Subcommand {

  private static final Duration RELOAD = Duration.ofSeconds(10);
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  @Option(
      names = "--driver",
      paramLabel = "NAME",
      required = true,
      description = "The CSI driver whose snapshots to tell of.")
  private String driver = "";

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      required = true,
      description = "The server's certificate, PEM.")
  private Path certificate = Path.of("");

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      required = true,
      description = "Its key, PEM, PKCS #8.")
  private Path key = Path.of("");

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "What clients shall trust, PEM. Default: the certificate itself.")
  private @Nullable Path authorities;

  @Option(names = "--tracker", paramLabel = "NAME", description = "Ask this tracker: ceph-rbd.")
  private @Nullable String tracker;

  @Mixin private final RepositoryOptions repositoryOptions = new RepositoryOptions();

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "0.0.0.0",
      description = "Default: ${DEFAULT-VALUE}.")
  private String bind = "";

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "50051",
      description = "Default: ${DEFAULT-VALUE}; 0 for any.")
  private int port;

  @Option(
      names = "--audience",
      paramLabel = "NAME",
      description = "What tokens must be for. Default: the driver's name.")
  private @Nullable String audience;

  @Option(
      names = "--address",
      paramLabel = "HOST:PORT",
      description = "How clients reach the server, for --print-object.")
  private @Nullable String address;

  @Option(
      names = "--print-object",
      description = "Print the SnapshotMetadataService object, and do not serve.")
  private boolean printObject;

  @Option(
      names = "--max-streaming-duration-min",
      paramLabel = "MINUTES",
      defaultValue = "10",
      description = "End a list after this long; clients ask for the rest. Default: 10.")
  private long longestMinutes;

  private void check() throws Complaint {
    if (port < 0 || port > 65_535 || longestMinutes < 1) {
      throw Complaint.usage("--port or --max-streaming-duration-min is out of range", "");
    }
    if (printObject && address == null) {
      throw Complaint.usage(
          "--print-object needs --address", "give the host and port that clients shall connect to");
    }
  }

  @Override
  int run(Output output) throws Exception {
    check();
    if (printObject) {
      surroundings().out().print(object(audience()));
      return ExitCode.DONE;
    }
    Optional<ChangeTrackerProvider> asked =
        tracker == null
            ? Optional.empty()
            : Optional.of(TrackingOption.tracker("--tracker", tracker, surroundings()));
    if (asked.isPresent() && repositoryOptions.givenLocation(surroundings()).isEmpty()) {
      return serve(output, asked, Optional.empty());
    }
    try (OpenRepository open = OpenRepository.open(repositoryOptions, surroundings(), output)) {
      return serve(output, asked, Optional.of(open));
    }
  }

  private String audience() {
    return audience == null ? driver : audience;
  }

  private static ServedSnapshots snapshots(
      Optional<ChangeTrackerProvider> asked,
      Optional<OpenRepository> open,
      Cluster cluster,
      String driver,
      Output output) {
    Optional<ServedSnapshots> backups =
        open.map(repository -> new ServedBackups(repository, cluster, driver, output::warn));
    return asked.isEmpty()
        ? backups.orElseThrow()
        : new TrackedSnapshots(asked.get(), cluster, driver, backups, output::warn);
  }

  private int serve(
      Output output, Optional<ChangeTrackerProvider> asked, Optional<OpenRepository> open)
      throws Exception {
    Cancellation stop = new Cancellation();
    try (Cluster cluster = ClusterSnapshot.open(surroundings());
        MetadataServer server =
            start(
                snapshots(asked, open, cluster, driver, output),
                new ReviewedCallers(cluster.callers(), audience()));
        Interruption.Scope _ = interruption().running(stop)) {
      output.line("listening on " + bind + ":" + server.port());
      Map<String, Object> begun = new LinkedHashMap<>();
      begun.put("type", "listening");
      begun.put("port", server.port());
      output.document(begun);
      boolean ended = false;
      while (!ended && !stop.requested()) {
        ended = server.awaitEnd(LOOK_EVERY);
      }
    }
    throw new Cancelled("the server was stopped", "start it again when you are ready");
  }

  private MetadataServer start(ServedSnapshots snapshots, ReviewedCallers callers)
      throws Complaint {
    try {
      return MetadataServer.start(
          new MetadataServer.Options(
              new InetSocketAddress(bind, port),
              certificate,
              key,
              RELOAD,
              Duration.ofMinutes(longestMinutes)),
          snapshots,
          callers,
          Metrics.globalRegistry);
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw Complaint.failure(
          "cannot serve at %s:%d with %s: %s".formatted(bind, port, certificate, e),
          "the port must be free, and the files a PEM certificate and its PKCS #8 key");
    }
  }

  private String object(String tokensFor) throws Complaint {
    Path trusted = authorities == null ? certificate : authorities;
    try {
      return ServiceObject.yaml(
          driver, Objects.requireNonNull(address), tokensFor, Files.readString(trusted));
    } catch (IOException e) {
      throw Complaint.failure("cannot read " + trusted + ": " + e, "name a PEM file by --ca");
    }
  }
}
