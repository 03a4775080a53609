package io.blockmover.ceph.rbd.volume;

import io.blockmover.ceph.rbd.librbd.ClusterSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How to connect to a cluster, from options by name and from the environment: those of the command
 * line first, then {@code MOVER_CEPH_*}, then what Ceph's own commands look at.
 */
public final class ConnectionOptions {

  /** What is understood: {@code ceph-conf}, {@code ceph-id}, ... */
  static final Set<String> NAMES =
      Set.of(
          "ceph-conf",
          "ceph-id",
          "ceph-keyfile",
          "ceph-keyring",
          "ceph-mon",
          "ceph-read-from",
          "ceph-timeout");

  private static final Duration OPERATION = Duration.ofSeconds(60);
  private static final Duration CONNECT = Duration.ofSeconds(30);
  private static final Map<String, String> READ_FROM =
      Map.of("primary", "default", "balance", "balance", "localize", "localize");

  private final Map<String, String> options;
  private final Map<String, String> environment;
  private final List<Path> usual;
  private final CephArguments arguments;

  /**
   * @param usual where a ceph.conf is looked for that nobody named
   */
  ConnectionOptions(
      Map<String, String> options, Map<String, String> environment, List<Path> usual) {
    this.options = options;
    this.environment = environment;
    this.usual = usual;
    this.arguments = CephArguments.parse(environment.getOrDefault("CEPH_ARGS", ""));
  }

  /**
   * Reads them.
   *
   * @param options by name; names of others are left alone
   * @throws IllegalArgumentException if one makes no sense, or no cluster is named, with a message
   *     for the user
   */
  public static ClusterSettings settings(
      Map<String, String> options, Map<String, String> environment) {
    Path home = Path.of(System.getProperty("user.home"));
    return new ConnectionOptions(
            options,
            environment,
            List.of(
                Path.of("/etc/ceph/ceph.conf"),
                home.resolve(".ceph").resolve("ceph.conf"),
                Path.of("ceph.conf")))
        .settings();
  }

  ClusterSettings settings() {
    String monitors = first("ceph-mon", "MOVER_CEPH_MONITORS").orElse("");
    ClusterSettings settings =
        ClusterSettings.ofFile(conf(monitors), user())
            .withMonitors(monitors)
            .withTimeouts(connectTimeout(), operationTimeout());
    for (Map.Entry<String, String> option : arguments.settings().entrySet()) {
      settings = settings.withOption(option.getKey(), option.getValue());
    }
    Optional<String> policy = Optional.ofNullable(options.get("ceph-read-from"));
    if (policy.isPresent()) {
      settings = settings.withOption("rbd_read_from_replica_policy", policy(policy.get()));
    }
    return withSecret(settings);
  }

  private ClusterSettings withSecret(ClusterSettings settings) {
    Optional<String> keyfile = Optional.ofNullable(options.get("ceph-keyfile"));
    if (keyfile.isPresent()) {
      return settings.withOption("keyring", "").withOption("keyfile", file(keyfile.get()));
    }
    Optional<String> keyring = Optional.ofNullable(options.get("ceph-keyring"));
    if (keyring.isEmpty()) {
      Optional<String> key = variable("MOVER_CEPH_KEY");
      if (key.isPresent()) {
        return settings.withKey(key.get());
      }
      keyring = variable("MOVER_CEPH_KEYRING");
    }
    return keyring.map(ConnectionOptions::file).map(settings::withKeyring).orElse(settings);
  }

  private String user() {
    String entity =
        first("ceph-id", "MOVER_CEPH_USER")
            .map(id -> "client." + id)
            .or(arguments::entity)
            .orElse("client.admin");
    String user = entity.startsWith("client.") ? entity.substring("client.".length()) : "";
    if (user.isEmpty() || user.startsWith("client.")) {
      throw new IllegalArgumentException(
          entity + " is no user: give the name without 'client.', such as --ceph-id mover");
    }
    return user;
  }

  private String conf(String monitors) {
    Optional<String> named =
        first("ceph-conf", "MOVER_CEPH_CONF").or(arguments::conf).or(() -> variable("CEPH_CONF"));
    if (named.isPresent()) {
      if (!Files.isReadable(Path.of(named.get()))) {
        throw new IllegalArgumentException(named.get() + " cannot be read: where is ceph.conf?");
      }
      return named.get();
    }
    Optional<Path> found = usual.stream().filter(Files::isReadable).findFirst();
    if (found.isEmpty() && monitors.isEmpty() && !arguments.settings().containsKey("mon_host")) {
      throw new IllegalArgumentException(
          "no Ceph cluster is named, and there is no /etc/ceph/ceph.conf: give --ceph-conf FILE, or"
              + " --ceph-mon and --ceph-keyring");
    }
    return found.map(Path::toString).orElse("");
  }

  private Duration connectTimeout() {
    Duration operation = operationTimeout();
    return operation.compareTo(CONNECT) < 0 ? operation : CONNECT;
  }

  private Duration operationTimeout() {
    String given = options.get("ceph-timeout");
    if (given == null) {
      return OPERATION;
    }
    if (!given.matches("[1-9]\\d{0,4}")) {
      throw new IllegalArgumentException("--ceph-timeout " + given + " is no number of seconds");
    }
    return Duration.ofSeconds(Integer.parseInt(given));
  }

  private static String policy(String text) {
    String policy = READ_FROM.get(text);
    if (policy == null) {
      throw new IllegalArgumentException(
          "--ceph-read-from " + text + " is none of " + new TreeSet<>(READ_FROM.keySet()));
    }
    return policy;
  }

  private static String file(String text) {
    if (!Files.isReadable(Path.of(text))) {
      throw new IllegalArgumentException(text + " cannot be read: where is the user's key?");
    }
    return text;
  }

  private Optional<String> first(String option, String variable) {
    return Optional.ofNullable(options.get(option)).or(() -> variable(variable));
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }
}
