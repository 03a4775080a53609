package io.blockmover.ceph.rbd.librbd;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How to reach a cluster, and as whom. An empty text means: not given, the configuration file or
 * librados decides.
 *
 * @param configurationFile a ceph.conf; none is read if this is empty
 * @param monitors as {@code mon_host} has them: {@code v2:ip:port}, {@code ip:port}, {@code
 *     [v2:ip:port,v1:ip:port]}, separated by commas
 * @param user without {@code client.}; not empty
 * @param key the secret itself
 * @param keyring a file with the secret
 * @param connectTimeout for the first answer of a monitor
 * @param operationTimeout for each answer of a monitor or OSD after that
 * @param options further options of the configuration, such as {@code rbd_read_from_replica_policy}
 */
public record ClusterSettings(
    String configurationFile,
    String monitors,
    String user,
    String key,
    String keyring,
    Duration connectTimeout,
    Duration operationTimeout,
    Map<String, String> options) {

  private static final Duration CONNECT = Duration.ofSeconds(30);
  private static final Duration OPERATION = Duration.ofSeconds(60);

  public ClusterSettings {
    if (user.isEmpty() || user.startsWith("client.")) {
      throw new IllegalArgumentException("user is '" + user + "'");
    }
    if (!connectTimeout.isPositive() || !operationTimeout.isPositive()) {
      throw new IllegalArgumentException("no timeout"); // librados would wait for ever
    }
    options = Map.copyOf(options);
  }

  /** As a ceph.conf says, which names monitors and keyrings. */
  public static ClusterSettings ofFile(String configurationFile, String user) {
    return new ClusterSettings(configurationFile, "", user, "", "", CONNECT, OPERATION, Map.of());
  }

  /** Without any file. */
  public static ClusterSettings ofMonitors(String monitors, String user, String key) {
    return new ClusterSettings("", monitors, user, key, "", CONNECT, OPERATION, Map.of());
  }

  /** The same with other monitors. */
  public ClusterSettings withMonitors(String other) {
    return new ClusterSettings(
        configurationFile, other, user, key, keyring, connectTimeout, operationTimeout, options);
  }

  /** The same with a secret. */
  public ClusterSettings withKey(String other) {
    return new ClusterSettings(
        configurationFile,
        monitors,
        user,
        other,
        keyring,
        connectTimeout,
        operationTimeout,
        options);
  }

  /** The same with a file that holds the secret. */
  public ClusterSettings withKeyring(String other) {
    return new ClusterSettings(
        configurationFile, monitors, user, key, other, connectTimeout, operationTimeout, options);
  }

  /** The same with other timeouts. */
  public ClusterSettings withTimeouts(Duration connect, Duration operation) {
    return new ClusterSettings(
        configurationFile, monitors, user, key, keyring, connect, operation, options);
  }

  /** The same with one more option, or another value of it. */
  public ClusterSettings withOption(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(options);
    all.put(name, value);
    return new ClusterSettings(
        configurationFile, monitors, user, key, keyring, connectTimeout, operationTimeout, all);
  }

  /** The user and the cluster's place, without the secret. */
  @Override
  public String toString() {
    return "client." + user + " at " + (monitors.isEmpty() ? configurationFile : monitors);
  }
}
