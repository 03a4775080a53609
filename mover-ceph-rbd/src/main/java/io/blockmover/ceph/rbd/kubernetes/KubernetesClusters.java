package io.blockmover.ceph.rbd.kubernetes;

import io.blockmover.api.Cancelled;
import io.blockmover.api.MoverException;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.ceph.rbd.csi.CsiCluster;
import io.blockmover.ceph.rbd.csi.CsiClusters;
import io.blockmover.ceph.rbd.csi.CsiHandle;
import io.blockmover.ceph.rbd.csi.CsiSnapshots;
import io.blockmover.ceph.rbd.librbd.ClusterSettings;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ObjectName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks a handle's cluster up where ceph-csi's operator, Rook, or a person configured it, and the
 * user in the driver's Secrets. What the environment says goes before (docs/ceph.md): with {@code
 * MOVER_CEPH_MONITORS}, {@code MOVER_CEPH_USER} and {@code MOVER_CEPH_KEY} nothing is looked up.
 */
public final class KubernetesClusters implements CsiClusters {

  /** Where operators and charts put ceph-csi unless told otherwise. */
  private static final List<String> USUAL =
      List.of(
          "openshift-storage",
          "rook-ceph",
          "ceph-csi-operator-system",
          "ceph-csi",
          "ceph-csi-rbd",
          "default");

  private final Opener opener;
  private final Map<String, String> environment;

  /** Connects to the API server. */
  public interface Opener {
    Cluster open() throws MoverException;
  }

  /**
   * @param opener called for each look-up, whose connection is closed after it
   */
  public KubernetesClusters(Opener opener, Map<String, String> environment) {
    this.opener = opener;
    this.environment = Map.copyOf(environment);
  }

  @Override
  public List<CsiCluster> find(SnapshotReference reference, CsiHandle handle)
      throws MoverException {
    Optional<String> monitors = variable("MOVER_CEPH_MONITORS");
    Optional<CsiUser> user = userOfEnvironment();
    if (monitors.isPresent() && user.isPresent()) {
      return List.of(
          new CsiCluster(
              settings(monitors.get(), user.get()),
              variable("MOVER_CEPH_NAMESPACE").orElse(""),
              handle.poolId()));
    }
    try (Cluster cluster = opener.open()) {
      return lookedUp(cluster, reference, handle, user);
    } catch (Cancelled | TrackingUnavailable e) {
      throw e;
    } catch (MoverException e) {
      throw new TrackingUnavailable(
          "cluster %s cannot be looked up: %s".formatted(handle.clusterId(), e.getMessage()),
          e.advice(),
          e);
    }
  }

  private List<CsiCluster> lookedUp(
      Cluster cluster, SnapshotReference reference, CsiHandle handle, Optional<CsiUser> given)
      throws MoverException {
    UserSearch users = new UserSearch(cluster, reference, preferredSecret());
    Set<ObjectName> secrets = given.isPresent() ? Set.of() : users.names();
    ConfigurationSearch search = new ConfigurationSearch(cluster);
    List<CsiCluster> found = new ArrayList<>();
    for (String namespace : namespaces(reference, handle, secrets)) {
      search.read(namespace, handle.clusterId());
      Set<IdMapping.Meaning> meanings =
          IdMapping.meanings(search.mappings(), handle.clusterId(), handle.poolId());
      for (IdMapping.Meaning meaning : meanings) {
        Optional<ClusterEntry> entry = search.entry(meaning.clusterId());
        if (entry.isPresent() && !entry.get().monitors().isEmpty()) {
          CsiUser user = given.isPresent() ? given.get() : users.find(handle);
          String monitors =
              variable("MOVER_CEPH_MONITORS")
                  .orElseGet(() -> String.join(",", entry.get().monitors()));
          found.add(
              new CsiCluster(settings(monitors, user), entry.get().namespace(), meaning.poolId()));
        }
      }
      if (!found.isEmpty()) {
        return found;
      }
    }
    throw new TrackingUnavailable(
        "no configuration of ceph-csi names monitors for cluster id %s: %s"
            .formatted(handle.clusterId(), search.looked()),
        "name the driver's namespace by MOVER_CEPH_CSI_NAMESPACE, allow to get its ConfigMaps, or"
            + " give MOVER_CEPH_MONITORS, MOVER_CEPH_USER and MOVER_CEPH_KEY");
  }

  private Set<String> namespaces(
      SnapshotReference reference, CsiHandle handle, Set<ObjectName> secrets) {
    Set<String> all = new LinkedHashSet<>();
    variable("MOVER_CEPH_CSI_NAMESPACE").ifPresent(all::add);
    CsiSnapshots.prefix(reference.driver()).ifPresent(all::add);
    secrets.forEach(secret -> all.add(secret.namespace()));
    all.add(handle.clusterId()); // Rook's default: the namespace of its cluster
    all.addAll(USUAL);
    all.removeIf(name -> ObjectName.parse(name + "/x").isEmpty());
    return all;
  }

  private Optional<ObjectName> preferredSecret() throws TrackingUnavailable {
    Optional<String> named = variable("MOVER_CEPH_SECRET");
    Optional<ObjectName> name = named.flatMap(ObjectName::parse);
    if (named.isPresent() && name.isEmpty()) {
      throw new TrackingUnavailable(
          "MOVER_CEPH_SECRET is '" + named.get() + "'", "write it as namespace/name");
    }
    return name;
  }

  private Optional<CsiUser> userOfEnvironment() {
    String key = variable("MOVER_CEPH_KEY").orElse("");
    String keyring = key.isEmpty() ? variable("MOVER_CEPH_KEYRING").orElse("") : "";
    return variable("MOVER_CEPH_USER")
        .filter(_ -> !key.isEmpty() || !keyring.isEmpty())
        .map(id -> new CsiUser(id, key, keyring));
  }

  private static ClusterSettings settings(String monitors, CsiUser user)
      throws TrackingUnavailable {
    try {
      ClusterSettings settings = ClusterSettings.ofMonitors(monitors, user.id(), user.key());
      return user.keyring().isEmpty() ? settings : settings.withKeyring(user.keyring());
    } catch (IllegalArgumentException e) {
      throw new TrackingUnavailable(
          "'" + user.id() + "' is no user of a cluster", "give the name without 'client.'", e);
    }
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }
}
