package io.blockmover.velero.download;

import java.util.Optional;

/**
 * The marked volumes of a transfer.
 *
 * @param filled that which was restored into, as it was provisioned
 * @param rebuilt the one that was made of it for another mode
 */
record Volumes(Optional<RestoredVolume> filled, Optional<RestoredVolume> rebuilt) {

  /** Name of the volume that is made of another for a transfer. */
  static String rebuiltName(String transferUid) {
    return "bm-pv-" + transferUid;
  }

  /** Whether the point of no return is passed. */
  boolean handedOver() {
    return rebuilt.isPresent() || filled.filter(RestoredVolume::handedOver).isPresent();
  }
}
