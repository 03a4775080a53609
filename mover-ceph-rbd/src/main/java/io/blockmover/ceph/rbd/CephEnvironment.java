package io.blockmover.ceph.rbd;

import io.blockmover.ceph.rbd.librbd.ClusterSettings;
import java.util.Map;

/**
 * How environment variables say where the cluster is, and who we are: {@code MOVER_CEPH_MONITORS},
 * {@code MOVER_CEPH_USER} (default {@code admin}), {@code MOVER_CEPH_KEY} or {@code
 * MOVER_CEPH_KEYRING}, and {@code MOVER_CEPH_CONF}, else Ceph's own {@code CEPH_CONF}.
 */
public final class CephEnvironment {

  private static final String DEFAULT_FILE = "/etc/ceph/ceph.conf";

  private CephEnvironment() {}

  /** What they say. The default file is read only if no monitors are named. */
  public static ClusterSettings settings(Map<String, String> environment) {
    String monitors = environment.getOrDefault("MOVER_CEPH_MONITORS", "");
    String file =
        environment.getOrDefault(
            "MOVER_CEPH_CONF",
            environment.getOrDefault("CEPH_CONF", monitors.isEmpty() ? DEFAULT_FILE : ""));
    return ClusterSettings.ofFile(file, environment.getOrDefault("MOVER_CEPH_USER", "admin"))
        .withMonitors(monitors)
        .withKey(environment.getOrDefault("MOVER_CEPH_KEY", ""))
        .withKeyring(environment.getOrDefault("MOVER_CEPH_KEYRING", ""));
  }
}
