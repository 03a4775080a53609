package io.blockmover.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * How to reach a Ceph cluster, handed on by name. What rbd's users have in their environment counts
 * as it does for {@code rbd}. A key is never an argument: others could see it.
 */
final class CephOptions {

  private static final List<String> VARIABLES =
      List.of(
          "CEPH_ARGS",
          "CEPH_CONF",
          "MOVER_CEPH_CONF",
          "MOVER_CEPH_KEY",
          "MOVER_CEPH_KEYRING",
          "MOVER_CEPH_MONITORS",
          "MOVER_CEPH_USER");

  @Option(
      names = "--ceph-conf",
      paramLabel = "FILE",
      description =
          "The cluster's ceph.conf. Default: MOVER_CEPH_CONF, CEPH_CONF, /etc/ceph/ceph.conf,"
              + " ~/.ceph/ceph.conf.")
  private @Nullable String conf;

  @Option(
      names = "--ceph-id",
      paramLabel = "USER",
      description =
          "Cephx user without 'client.'. Default: MOVER_CEPH_USER, --id of CEPH_ARGS, then admin.")
  private @Nullable String id;

  @Option(
      names = "--ceph-mon",
      paramLabel = "HOST,...",
      description = "Monitors, such as v2:10.0.0.1:3300; then no ceph.conf is needed.")
  private @Nullable String monitors;

  @Option(names = "--ceph-keyring", paramLabel = "FILE", description = "Keyring of the user.")
  private @Nullable String keyring;

  @Option(
      names = "--ceph-keyfile",
      paramLabel = "FILE",
      description = "File that holds nothing but the user's key.")
  private @Nullable String keyfile;

  @Option(
      names = "--ceph-timeout",
      paramLabel = "SECONDS",
      description = "After how long without an answer a request fails. Default: 60; 30 to connect.")
  private @Nullable String timeout;

  @Option(
      names = "--ceph-read-from",
      paramLabel = "primary|balance|localize",
      description =
          "Which copy to read of a snapshot, which never changes. Default: what ceph.conf says, or"
              + " the primary.")
  private @Nullable String readFrom;

  /** By name: what was given, and the variables of the environment that count. */
  Map<String, String> of(Surroundings surroundings) {
    Map<String, @Nullable String> given = new LinkedHashMap<>();
    given.put("ceph-conf", conf);
    given.put("ceph-id", id);
    given.put("ceph-mon", monitors);
    given.put("ceph-keyring", keyring);
    given.put("ceph-keyfile", keyfile);
    given.put("ceph-timeout", timeout);
    given.put("ceph-read-from", readFrom);
    Map<String, String> all = new LinkedHashMap<>();
    given.forEach((name, value) -> Optional.ofNullable(value).ifPresent(v -> all.put(name, v)));
    for (String variable : VARIABLES) {
      surroundings.variable(variable).ifPresent(value -> all.put(variable, value));
    }
    return all;
  }
}
