package io.blockmover.velero.check;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.kubernetes.check.ClusterFinding;
import io.blockmover.velero.VeleroKinds;
import io.blockmover.velero.location.BackupLocations;
import io.blockmover.velero.location.Domain;
import io.blockmover.velero.location.LocationSettings;
import io.blockmover.velero.location.RepositoryAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether mover can use each BackupStorageLocation as Velero does. */
final class LocationCheck {

  private static final String NAME = "backup locations";

  /** Of the password there is a check of its own. */
  private static final LocationSettings ANY = new LocationSettings("any", "any");

  private LocationCheck() {}

  static List<ClusterFinding> run(Cluster cluster, String namespace) throws MoverException {
    List<ClusterFinding> findings = new ArrayList<>();
    List<ClusterObject> locations =
        cluster.objects().list(VeleroKinds.BACKUP_LOCATION, namespace, Map.of());
    for (ClusterObject location : locations) {
      findings.addAll(of(cluster, namespace, location.name()));
    }
    if (locations.isEmpty()) {
      findings.add(
          ClusterFinding.broken(
              NAME,
              "there is no BackupStorageLocation in namespace " + namespace,
              "backups have no place to go",
              "velero backup-location create default --provider aws --bucket BUCKET"));
    }
    return findings;
  }

  private static List<ClusterFinding> of(Cluster cluster, String namespace, String name)
      throws MoverException {
    String edit = "kubectl edit -n %s backupstoragelocation/%s".formatted(namespace, name);
    RepositoryAccess access;
    try {
      access = new BackupLocations(cluster, namespace).access(name, Domain.WHOLE, ANY);
    } catch (MoverException e) {
      return List.of(
          ClusterFinding.broken(
              NAME,
              String.valueOf(e.getMessage()),
              "nothing is backed up to it or restored from it",
              "# " + e.advice() + "\n" + edit));
    }
    List<ClusterFinding> findings = new ArrayList<>();
    for (RepositoryAccess.SecretFile file : access.mounts()) {
      if (file.secret().equals(ANY.passwordSecret())) {
        continue;
      }
      Optional<ClusterObject> secret =
          cluster.objects().find(ObjectKind.SECRET, new ObjectName(namespace, file.secret()));
      if (secret.isEmpty() || secret.get().text("data", file.key()).isEmpty()) {
        findings.add(
            ClusterFinding.broken(
                NAME,
                "%s uses key %s of Secret %s, which is not there"
                    .formatted(name, file.key(), file.secret()),
                "the mover's pods do not start without",
                "kubectl create secret generic %s -n %s --from-file=%s=FILE"
                    .formatted(file.secret(), namespace, file.key())));
      }
    }
    if (access.environment().containsKey("MOVER_S3_INSECURE_TLS")) {
      findings.add(
          ClusterFinding.warning(
              NAME,
              name + " takes any certificate (insecureSkipTLSVerify)",
              "whoever is between the cluster and the store can read requests and lose objects",
              "# put the certificate into objectStorage.caCert, and remove the setting\n" + edit));
    }
    if (findings.isEmpty()) {
      findings.add(
          ClusterFinding.fine(
              NAME,
              "%s: %s%s"
                  .formatted(name, access.url(), access.readOnly() ? ", only for restores" : "")));
    }
    return findings;
  }
}
