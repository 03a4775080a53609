package io.blockmover.velero.location;

import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.velero.location.VeleroServer.SecretKey;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A BackupStorageLocation, and the repository in it. What Velero's plugin for AWS understands is
 * understood here; what mover cannot do is refused by its name, never left out.
 */
final class BackupLocation {

  /** Below the location's prefix, in the one directory that Velero leaves to others. */
  static final String DIRECTORY = "plugins/blockmover";

  private static final String CREDENTIALS_FILE = "/etc/blockmover/credentials/cloud";
  private static final String AUTHORITIES_FILE = "/etc/blockmover/ca/ca.pem";
  private static final String PASSWORD_FILE = "/etc/blockmover/password/password";

  private final ClusterObject object;

  BackupLocation(ClusterObject object) {
    this.object = object;
  }

  /** Where Velero keeps its backups, as mover writes a place: {@code s3://bucket/prefix}. */
  String place() throws MoverException {
    String bucket =
        object
            .text("spec", "objectStorage", "bucket")
            .orElseThrow(() -> refused("names no bucket", "set its spec.objectStorage.bucket"));
    String prefix =
        object.text("spec", "objectStorage", "prefix").orElse("").replaceAll("^/+|/+$", "");
    try {
      return new URI("s3", bucket, prefix.isEmpty() ? null : "/" + prefix, null, null)
          .toASCIIString();
    } catch (URISyntaxException e) {
      throw refused("has a bucket or prefix that is no address: " + e.getReason(), "correct it");
    }
  }

  /** The place of all repositories of the location, one for each domain. */
  String root() throws MoverException {
    return place() + "/" + DIRECTORY;
  }

  boolean readOnly() {
    return object.text("spec", "accessMode").orElse("").equals("ReadOnly");
  }

  /**
   * How a pod opens the repository.
   *
   * @param installed what Velero uses where a location names no credentials; empty if nothing
   * @throws ClusterObjectUnusable of kind REFUSED if it cannot be served, UNAVAILABLE if Velero
   *     itself cannot reach it at the moment
   */
  RepositoryAccess access(Domain domain, LocationSettings settings, Optional<SecretKey> installed)
      throws MoverException {
    requireUsable();
    Map<String, String> environment = new LinkedHashMap<>();
    List<RepositoryAccess.SecretFile> mounts = new ArrayList<>();
    String url = domain.below(root());
    environment.put("MOVER_REPO", url);
    environment.putAll(new AwsConfig(object).variables());
    environment.put("MOVER_PASSWORD_FILE", PASSWORD_FILE);
    mounts.add(
        new RepositoryAccess.SecretFile(
            settings.passwordSecret(), settings.passwordKey(), PASSWORD_FILE, false));
    Optional<SecretKey> credentials = credentials().or(() -> installed);
    if (credentials.isPresent()) {
      environment.put("AWS_SHARED_CREDENTIALS_FILE", CREDENTIALS_FILE);
      // By name, for an identity of the pod's service account would be asked first without.
      environment.putIfAbsent("MOVER_S3_PROFILE", "default");
      mounts.add(file(credentials.get(), CREDENTIALS_FILE));
    }
    Optional<SecretKey> authorities = secret("objectStorage", "caCertRef");
    if (authorities.isPresent()) {
      if (environment.containsKey(AwsConfig.AUTHORITIES)) {
        throw refused("has both caCert and caCertRef", "remove one; caCert is the older way");
      }
      environment.put("MOVER_S3_CA_FILE", AUTHORITIES_FILE);
      mounts.add(file(authorities.get(), AUTHORITIES_FILE));
    }
    return new RepositoryAccess(object.name(), place(), url, environment, mounts, readOnly());
  }

  private void requireUsable() throws MoverException {
    String provider = object.text("spec", "provider").orElse("");
    if (!provider.equals("aws") && !provider.equals("velero.io/aws")) {
      throw refused(
          "is of provider '" + provider + "', and blockmover stores on S3 only",
          "use a location of provider aws: most object stores speak S3");
    }
    String phase = object.text("status", "phase").orElse("");
    if (phase.equals("Unavailable")) {
      throw ClusterObjectUnusable.notReady(
          "BackupStorageLocation "
              + object.name()
              + " is Unavailable: "
              + object.text("status", "message").orElse("Velero does not say why"),
          "velero backup-location get; look at its bucket and credentials");
    }
  }

  /** Those that the location itself names. */
  private Optional<SecretKey> credentials() throws MoverException {
    return secret("credential");
  }

  private Optional<SecretKey> secret(String... path) throws MoverException {
    List<String> whole = new ArrayList<>(List.of("spec"));
    whole.addAll(List.of(path));
    if (!object.has(whole.toArray(String[]::new))) {
      return Optional.empty();
    }
    whole.add("name");
    Optional<String> name = object.text(whole.toArray(String[]::new));
    whole.set(whole.size() - 1, "key");
    Optional<String> key = object.text(whole.toArray(String[]::new));
    if (name.isEmpty() || key.isEmpty()) {
      throw refused(
          "names no Secret or no key of it in spec." + String.join(".", path), "name both");
    }
    return Optional.of(new SecretKey(name.get(), key.get()));
  }

  private static RepositoryAccess.SecretFile file(SecretKey from, String path) {
    return new RepositoryAccess.SecretFile(from.secret(), from.key(), path, false);
  }

  private MoverException refused(String what, String advice) {
    return ClusterObjectUnusable.refused(
        "BackupStorageLocation " + object.name() + " " + what, advice);
  }
}
