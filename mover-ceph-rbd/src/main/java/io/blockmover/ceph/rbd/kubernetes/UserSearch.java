package io.blockmover.ceph.rbd.kubernetes;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.MoverException;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.ceph.rbd.csi.CsiHandle;
import io.blockmover.kubernetes.ClaimFacts;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.kubernetes.SnapshotAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the user for a snapshot's cluster in the Secrets that its driver is called with. Names are
 * never guessed: ODF's consumers and key rotation make others than the usual ones.
 */
final class UserSearch {

  private final Cluster cluster;
  private final SnapshotReference reference;
  private final Set<ObjectName> names = new LinkedHashSet<>();
  private final List<String> looked = new ArrayList<>();

  /**
   * @param preferred a Secret that goes before all others, such as that of a user who may only read
   */
  UserSearch(Cluster cluster, SnapshotReference reference, Optional<ObjectName> preferred) {
    this.cluster = cluster;
    this.reference = reference;
    preferred.ifPresent(names::add);
  }

  private interface Names {
    List<ObjectName> ask() throws MoverException;
  }

  /** Learns which Secrets there are to look into; reads none. */
  Set<ObjectName> names() throws MoverException {
    Optional<String> content = attribute(SnapshotAttributes.CONTENT);
    if (content.isPresent()) {
      add("the VolumeSnapshotContent", () -> cluster.driverSecrets().ofSnapshot(content.get()));
    }
    Optional<ObjectName> claim =
        attribute(SnapshotAttributes.NAMESPACE)
            .flatMap(
                namespace ->
                    attribute(SnapshotAttributes.CLAIM)
                        .flatMap(name -> ObjectName.parse(namespace + "/" + name)));
    if (claim.isPresent()) {
      add("the volume", () -> ofClaim(claim.get()));
    }
    if (names.isEmpty()) {
      add("the classes", () -> cluster.driverSecrets().ofDriver(reference.driver()));
    }
    return names;
  }

  private List<ObjectName> ofClaim(ObjectName claim) throws MoverException {
    Optional<String> volume = cluster.claims().find(claim).flatMap(ClaimFacts::volume);
    return volume.isEmpty() ? List.of() : cluster.driverSecrets().ofVolume(volume.get());
  }

  private void add(String what, Names from) throws MoverException {
    try {
      names.addAll(from.ask());
    } catch (AccessDenied e) {
      looked.add(what + " may not be read");
    }
  }

  /** The first that can be used. */
  CsiUser find(CsiHandle handle) throws MoverException {
    for (ObjectName name : names) {
      try {
        Optional<Map<String, String>> secret = cluster.data().secret(name);
        Optional<CsiUser> user = secret.flatMap(CsiUser::of);
        if (user.isPresent()) {
          return user.get();
        }
        looked.add(
            "Secret "
                + name
                + (secret.isPresent() ? " has no userID and userKey" : " is not there"));
      } catch (AccessDenied e) {
        looked.add("Secret " + name + " may not be read");
      }
    }
    throw new TrackingUnavailable(
        "nobody says who may ask cluster %s: %s"
            .formatted(
                handle.clusterId(),
                looked.isEmpty() ? "no class or volume names a Secret" : String.join("; ", looked)),
        "give MOVER_CEPH_USER and MOVER_CEPH_KEY of a user with the profile rbd-read-only, or"
            + " MOVER_CEPH_SECRET=namespace/name of a Secret that may be read");
  }

  private Optional<String> attribute(String name) {
    return Optional.ofNullable(reference.attributes().get(name)).filter(it -> !it.isEmpty());
  }
}
