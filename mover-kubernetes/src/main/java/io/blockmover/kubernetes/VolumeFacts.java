package io.blockmover.kubernetes;

import io.fabric8.kubernetes.api.model.PersistentVolume;

/**
 * A PersistentVolume of a CSI driver.
 *
 * @param volumeHandle the storage's name of it
 * @param reclaimPolicy {@code Delete} or {@code Retain}; empty if it has none
 */
public record VolumeFacts(String name, String driver, String volumeHandle, String reclaimPolicy) {

  static VolumeFacts of(PersistentVolume volume) {
    String policy = volume.getSpec().getPersistentVolumeReclaimPolicy();
    return new VolumeFacts(
        volume.getMetadata().getName(),
        volume.getSpec().getCsi().getDriver(),
        volume.getSpec().getCsi().getVolumeHandle(),
        policy == null ? "" : policy);
  }
}
