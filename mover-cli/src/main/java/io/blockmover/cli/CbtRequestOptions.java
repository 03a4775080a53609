package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.cbt.k8s.ClusterAccess;
import io.blockmover.cbt.k8s.CsiChangeId;
import io.blockmover.cbt.k8s.EndpointOverride;
import io.blockmover.cbt.k8s.MetadataListing;
import io.blockmover.cbt.k8s.MetadataQuery;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.kubernetes.SnapshotFacts;
import io.micrometer.core.instrument.Metrics;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What to ask of which snapshot: the flags of the reference tools, with one dash or two. */
final class CbtRequestOptions {

  private static final long LEAST_EXPIRY_SECONDS = 600;

  @Option(
      names = {"-n", "-namespace", "--namespace"},
      paramLabel = "NS",
      description = "Namespace of the VolumeSnapshots. Required.")
  private String namespace = "";

  @Option(
      names = {"-s", "-snapshot", "--snapshot"},
      paramLabel = "NAME",
      description = "The VolumeSnapshot. Required.")
  private String snapshot = "";

  @Option(
      names = {"-p", "-previous-snapshot", "--previous-snapshot"},
      paramLabel = "NAME",
      description = "List what changed since this one; without it, what is allocated.")
  private String previous = "";

  @Option(
      names = {"-P", "-previous-snapshot-id", "--previous-snapshot-id"},
      paramLabel = "HANDLE",
      description = "The same by CSI handle: the VolumeSnapshot may be gone. Goes before -p.")
  private String previousId = "";

  @Option(
      names = {"-kubeconfig", "--kubeconfig"},
      paramLabel = "FILE",
      description =
          "Default: KUBECONFIG, ~/.kube/config, or the service account of this pod, whichever is"
              + " there first.")
  private String kubeconfig = "";

  @Option(
      names = {"-service-account", "--service-account"},
      paramLabel = "NAME",
      description = "Whose token to show. Default: our own, if we are a service account.")
  private String account = "";

  @Option(
      names = {"-service-account-namespace", "--service-account-namespace"},
      paramLabel = "NS",
      description = "Its namespace.")
  private String accountNamespace = "";

  @Option(
      names = {"-token-expiry", "--token-expiry"},
      paramLabel = "SECONDS",
      defaultValue = "" + LEAST_EXPIRY_SECONDS,
      description = "Life of the token. Default: ${DEFAULT-VALUE}.")
  private long tokenExpiry;

  @Option(
      names = {"-starting-offset", "--starting-offset"},
      paramLabel = "BYTES",
      description = "Only what ends behind it.")
  private long startingOffset;

  @Option(
      names = {"-max-results", "--max-results"},
      paramLabel = "N",
      description = "At most so many ranges in a message; 0, the default, is the driver's choice.")
  private int maxResults;

  @Option(
      names = "--endpoint",
      paramLabel = "HOST:PORT",
      description =
          "Connect here instead, as to a tunnel. The certificate must still name the host of the"
              + " SnapshotMetadataService, or that of --authority.")
  private @Nullable String endpoint;

  @Option(
      names = "--authority",
      paramLabel = "HOST",
      description = "The name that the certificate must be for.")
  private @Nullable String authority;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Show the token in this file, such as a projected one.")
  private @Nullable Path tokenFile;

  /** Whether nothing was said at all. */
  boolean isEmpty() {
    return namespace.isEmpty() && snapshot.isEmpty();
  }

  /**
   * Asks the driver.
   *
   * @param around where KUBECONFIG stands
   */
  MetadataListing open(Surroundings around) throws MoverException, Complaint {
    check();
    try (Cluster cluster = cluster(around)) {
      SnapshotFacts target = cluster.snapshots().load(name(snapshot));
      ObjectName whose =
          account.isEmpty() ? null : object(accountNamespace, account, "-service-account");
      return MetadataListing.open(
          new ClusterAccess(() -> cluster, whose, tokenFile, Duration.ofSeconds(tokenExpiry)),
          target.driver(),
          query(cluster),
          new EndpointOverride(endpoint, authority),
          startingOffset,
          maxResults,
          Metrics.globalRegistry);
    }
  }

  private void check() throws Complaint {
    if (namespace.isEmpty() || snapshot.isEmpty()) {
      throw Complaint.failure("-namespace and -snapshot are both needed", "give them");
    }
    if (account.isEmpty() != accountNamespace.isEmpty()) {
      throw Complaint.failure(
          "-service-account and -service-account-namespace go together", "give both or none");
    }
    if (maxResults < 0 || startingOffset < 0 || tokenExpiry < LEAST_EXPIRY_SECONDS) {
      throw Complaint.failure(
          "-max-results, -starting-offset or -token-expiry is too small",
          "they begin at 0, 0 and " + LEAST_EXPIRY_SECONDS);
    }
  }

  private Cluster cluster(Surroundings around) throws MoverException {
    if (!kubeconfig.isEmpty()) {
      return Cluster.open(Path.of(kubeconfig));
    }
    String named = around.variable("KUBECONFIG").orElse("");
    return named.isEmpty() || named.contains(File.pathSeparator)
        ? Cluster.open()
        : Cluster.open(Path.of(named));
  }

  private MetadataQuery query(Cluster cluster) throws MoverException, Complaint {
    if (!previousId.isEmpty()) {
      return new MetadataQuery.Delta(namespace, snapshot, previousId);
    }
    if (previous.isEmpty()) {
      return new MetadataQuery.Allocated(namespace, snapshot);
    }
    SnapshotFacts base = cluster.snapshots().load(name(previous));
    String id = CsiChangeId.of(base.reference()).map(CsiChangeId::id).orElse(base.handle());
    return new MetadataQuery.Delta(namespace, snapshot, id);
  }

  private ObjectName name(String of) throws Complaint {
    return object(namespace, of, "VolumeSnapshot");
  }

  private static ObjectName object(String in, String of, String what) throws Complaint {
    try {
      return new ObjectName(in, of);
    } catch (IllegalArgumentException e) {
      throw Complaint.failure(what + ": " + e.getMessage(), "correct it");
    }
  }
}
