package io.blockmover.cbt.k8s;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.kubernetes.ServiceAccountTokens;
import io.blockmover.kubernetes.SnapshotMetadataService;
import io.blockmover.kubernetes.TokenSource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A real cluster, as {@link ServiceAccess} wants it. */
public final class ClusterAccess implements ServiceAccess {

  private final Opener opener;
  private final @Nullable ObjectName account;
  private final @Nullable Path tokenFile;
  private final Duration tokenLife;
  private final Map<String, TokenSource> tokens = new ConcurrentHashMap<>();
  private @Nullable Cluster cluster;

  /** Makes the connection when it is first needed. */
  public interface Opener {
    Cluster open() throws MoverException;
  }

  /**
   * @param opener called once; the cluster is not closed here
   * @param account whose tokens to show; null for the one that we are
   * @param tokenFile a projected token to show instead; null to ask the API server for tokens
   * @param tokenLife how long tokens that are asked for shall last
   */
  public ClusterAccess(
      Opener opener, @Nullable ObjectName account, @Nullable Path tokenFile, Duration tokenLife) {
    this.opener = opener;
    this.account = account;
    this.tokenFile = tokenFile;
    this.tokenLife = tokenLife;
  }

  /** As {@code MOVER_CBT_SERVICE_ACCOUNT} (namespace/name) and {@code MOVER_CBT_TOKEN_FILE} say. */
  static ClusterAccess of(Map<String, String> environment, Opener opener) {
    String file = environment.get("MOVER_CBT_TOKEN_FILE");
    return new ClusterAccess(
        opener,
        Optional.ofNullable(environment.get("MOVER_CBT_SERVICE_ACCOUNT"))
            .flatMap(ObjectName::parse)
            .orElse(null),
        file == null ? null : Path.of(file),
        ServiceAccountTokens.LEAST_LIFE);
  }

  @Override
  public Optional<ServiceEndpoint> find(String driver) throws MoverException {
    return cluster().metadataServices().find(driver).map(ClusterAccess::endpoint);
  }

  private static ServiceEndpoint endpoint(SnapshotMetadataService service) {
    return new ServiceEndpoint(
        service.driver(), service.address(), service.audience(), service.caCertificates());
  }

  @Override
  public String token(ServiceEndpoint endpoint) throws MoverException {
    TokenSource source = tokens.get(endpoint.audience());
    if (source == null) {
      source = source(endpoint.audience());
      tokens.put(endpoint.audience(), source);
    }
    return source.token().value();
  }

  private TokenSource source(String audience) throws MoverException {
    if (tokenFile != null) {
      return ServiceAccountTokens.file(tokenFile);
    }
    ServiceAccountTokens of = cluster().tokens();
    ObjectName whose = account;
    if (whose == null) {
      whose =
          of.self()
              .orElseThrow(
                  () ->
                      new AccessDenied(
                          "the kubeconfig is of a user, and drivers take tokens of service"
                              + " accounts only",
                          "name a service account that may read VolumeSnapshots:"
                              + " MOVER_CBT_SERVICE_ACCOUNT=namespace/name, or"
                              + " --service-account with --service-account-namespace"));
    }
    return of.source(whose, audience, tokenLife, Clock.systemUTC());
  }

  @Override
  public void discardToken(ServiceEndpoint endpoint) {
    TokenSource source = tokens.get(endpoint.audience());
    if (source != null) {
      source.discard();
    }
  }

  @Override
  public void requireUsable(String namespace, String snapshot) throws MoverException {
    cluster().snapshots().load(new ObjectName(namespace, snapshot));
  }

  private synchronized Cluster cluster() throws MoverException {
    if (cluster == null) {
      cluster = opener.open();
    }
    return cluster;
  }
}
