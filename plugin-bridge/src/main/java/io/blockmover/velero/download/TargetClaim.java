package io.blockmover.velero.download;

import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ObjectName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The claim that waits for its volume, as Velero made it: unbound, and with a selector that no
 * volume fits, so that no provisioner makes it one.
 */
record TargetClaim(ClusterObject claim) {

  /** On the claim, by the scheduler: where the pod that wants it will run. */
  private static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

  ObjectName name() {
    return new ObjectName(claim.namespace(), claim.name());
  }

  String uid() {
    return claim.uid();
  }

  boolean deleting() {
    return claim.deleting();
  }

  String mode() {
    return claim.text("spec", "volumeMode").orElse("Filesystem");
  }

  Optional<String> storageClass() {
    return claim.text("spec", "storageClassName");
  }

  List<String> accessModes() {
    return claim.list("spec", "accessModes");
  }

  long requestBytes() {
    return claim.bytes("spec", "resources", "requests", "storage").orElse(0);
  }

  /** Name of the volume that it has, or will have and no other. */
  Optional<String> volume() {
    return claim.text("spec", "volumeName");
  }

  boolean bound() {
    return claim.text("status", "phase").filter("Bound"::equals).isPresent();
  }

  /** The labels that its volume must have. */
  Map<String, String> selector() {
    return claim.texts("spec", "selector", "matchLabels");
  }

  Optional<String> selectedNode() {
    return Optional.ofNullable(claim.annotations().get(SELECTED_NODE)).filter(n -> !n.isEmpty());
  }
}
