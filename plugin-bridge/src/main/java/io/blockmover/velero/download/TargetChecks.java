package io.blockmover.velero.download;

import io.blockmover.kubernetes.ObjectName;
import java.util.Optional;

/** Whether a claim can still be given a volume. */
final class TargetChecks {

  private TargetChecks() {}

  /** Empty if it can. */
  static Optional<Step> fit(TargetClaim claim) {
    if (claim.deleting()) {
      return impossible(
          "claim " + claim.name() + " is being deleted", "wait until it is gone; restore again");
    }
    if (claim.volume().isPresent()) {
      return impossible(
          "claim %s has volume %s already".formatted(claim.name(), claim.volume().get()),
          "delete the claim, or restore into another namespace: mover never overwrites a volume"
              + " that is in use");
    }
    return Optional.empty();
  }

  /** Empty if it can, and is the very claim that was seen at first. */
  static Optional<Step> still(ObjectName name, Optional<TargetClaim> claim, String uid) {
    if (claim.isEmpty()) {
      return impossible(
          "claim " + name + " was deleted during the restore", "restore again if it is wanted");
    }
    if (!claim.get().uid().equals(uid)) {
      return impossible(
          "claim " + name + " was deleted and made anew during the restore", "restore again");
    }
    return fit(claim.get());
  }

  private static Optional<Step> impossible(String why, String advice) {
    return Optional.of(new Step.Impossible(why, advice));
  }
}
