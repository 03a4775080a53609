package io.blockmover.velero.location;

import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.VeleroKinds;
import java.util.Optional;

/**
 * Looks BackupStorageLocations up. Thread-safe; each call asks the API server, and never for the
 * content of a Secret.
 */
public final class BackupLocations {

  private final Cluster cluster;
  private final String namespace;

  /**
   * @param namespace Velero's
   */
  public BackupLocations(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /**
   * How a pod of Velero's namespace opens a repository of a location.
   *
   * @throws ClusterObjectUnusable of kind NOT_FOUND if there is no such location, REFUSED if
   *     blockmover cannot serve it, UNAVAILABLE if Velero itself cannot reach it at the moment
   */
  public RepositoryAccess access(String location, Domain domain, LocationSettings settings)
      throws MoverException {
    return new BackupLocation(load(location)).access(domain, settings, installed());
  }

  private Optional<VeleroServer.SecretKey> installed() throws MoverException {
    return VeleroServer.find(cluster, namespace).flatMap(VeleroServer::credentials);
  }

  private ClusterObject load(String location) throws MoverException {
    Optional<ClusterObject> found = Optional.empty();
    try {
      found =
          cluster.objects().find(VeleroKinds.BACKUP_LOCATION, new ObjectName(namespace, location));
    } catch (IllegalArgumentException e) {
      // No name that an object can have: there is none.
    }
    return found.orElseThrow(
        () ->
            ClusterObjectUnusable.missing(
                "there is no BackupStorageLocation " + location + " in namespace " + namespace,
                "velero backup-location get"));
  }
}
