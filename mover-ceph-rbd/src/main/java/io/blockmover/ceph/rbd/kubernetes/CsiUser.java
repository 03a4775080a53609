package io.blockmover.ceph.rbd.kubernetes;

import java.util.Map;
import java.util.Optional;

/**
 * Who asks the cluster.
 *
 * @param id without {@code client.}
 * @param key secret
 * @param keyring a file that holds the key, where there is no key; empty otherwise
 */
record CsiUser(String id, String key, String keyring) {

  private static final String CLIENT = "client.";

  /**
   * The user whose key a Secret holds: that of ceph-csi ({@code userID}, {@code userKey}), or that
   * which Rook makes for a CephClient (the key, under the user's name).
   */
  static Optional<CsiUser> of(Map<String, String> secret) {
    String id = secret.getOrDefault("userID", "").strip();
    String key = secret.getOrDefault("userKey", "").strip();
    if (!id.isEmpty() && !key.isEmpty()) {
      return Optional.of(new CsiUser(bare(id), key, ""));
    }
    if (secret.size() == 1) {
      Map.Entry<String, String> only = secret.entrySet().iterator().next();
      return Optional.of(new CsiUser(bare(only.getKey()), only.getValue().strip(), ""))
          .filter(user -> !user.id().isEmpty() && !user.key().isEmpty());
    }
    return Optional.empty();
  }

  private static String bare(String id) {
    return id.startsWith(CLIENT) ? id.substring(CLIENT.length()) : id;
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return CLIENT + id;
  }
}
