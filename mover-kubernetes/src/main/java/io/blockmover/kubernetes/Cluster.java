package io.blockmover.kubernetes;

import io.blockmover.api.ClusterUnavailable;
import io.blockmover.api.MoverException;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * The connection to one API server, and the ways in. Thread-safe; all calls block, and a call that
 * fails for a passing reason is tried again a few times (about three seconds in all).
 */
public final class Cluster implements AutoCloseable {

  private static final int ATTEMPTS = 5;
  private static final int TIMEOUT_MILLIS = Math.toIntExact(Duration.ofSeconds(10).toMillis());

  private final KubernetesClient client;

  private Cluster(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Connects as kubectl would: {@code KUBECONFIG}, {@code ~/.kube/config}, or the service account
   * of the pod that this runs in. Asks the server nothing yet.
   *
   * @throws ClusterUnavailable if the configuration cannot be used
   */
  public static Cluster open() throws ClusterUnavailable {
    try {
      return open(Config.autoConfigure(null));
    } catch (IOException | KubernetesClientException e) {
      throw unusable("the configuration of the cluster", e);
    }
  }

  /** Connects with one kubeconfig file, to its current context. */
  public static Cluster open(Path kubeconfig) throws ClusterUnavailable {
    try {
      return open(Config.fromKubeconfig(Files.readString(kubeconfig)));
    } catch (IOException | KubernetesClientException | IllegalArgumentException e) {
      throw unusable(kubeconfig.toString(), e);
    }
  }

  private static Cluster open(Config config) throws IOException {
    Config ours =
        new ConfigBuilder(config)
            .withClientKeyAlgo(ClientKey.algorithm(config))
            .withRequestRetryBackoffLimit(ATTEMPTS)
            .withConnectionTimeout(TIMEOUT_MILLIS)
            .withRequestTimeout(TIMEOUT_MILLIS)
            .build();
    return new Cluster(new KubernetesClientBuilder().withConfig(ours).build());
  }

  private static ClusterUnavailable unusable(String what, Exception e) {
    return new ClusterUnavailable(
        "cannot use " + what + ": " + e.getMessage(), "name a kubeconfig by KUBECONFIG", e);
  }

  /** The server's address, for messages. */
  public String address() {
    return client.getMasterUrl().toString();
  }

  /** VolumeSnapshots and what stands behind them. */
  public Snapshots snapshots() {
    return new Snapshots(client);
  }

  /** PersistentVolumeClaims and the volumes behind them. */
  public Claims claims() {
    return new Claims(client);
  }

  /** Creates, changes and deletes objects. */
  public ClusterObjects objects() {
    return new ClusterObjects(client);
  }

  /**
   * Watches objects of a namespace.
   *
   * @param labels that they must all have
   * @throws MoverException if we may not, or the server is away
   */
  public ObjectWatch watch(
      ObjectKind kind, String namespace, Map<String, String> labels, ObjectWatch.Listener listener)
      throws MoverException {
    return ObjectWatch.open(client, kind, namespace, labels, listener);
  }

  /** Texts in ConfigMaps and Secrets. */
  public NamedData data() {
    return new NamedData(client);
  }

  /** Objects of kinds that others define. */
  public CustomObjects custom() {
    return new CustomObjects(client);
  }

  /** Which Secrets drivers are called with. */
  public DriverSecrets driverSecrets() {
    return new DriverSecrets(client);
  }

  /** Pods' output. */
  public PodLogs podLogs() {
    return new PodLogs(client);
  }

  /** What the cluster has and allows. */
  public Inventory inventory() {
    return new Inventory(client);
  }

  /** Where drivers offer changed block tracking. */
  public SnapshotMetadataServices metadataServices() {
    return new SnapshotMetadataServices(client);
  }

  /** Who calls a service of ours, and what he may. */
  public CallerReviews callers() {
    return new CallerReviews(client);
  }

  /** Tokens of service accounts. */
  public ServiceAccountTokens tokens() {
    return new ServiceAccountTokens(client);
  }

  @Override
  public void close() {
    client.close();
  }
}
