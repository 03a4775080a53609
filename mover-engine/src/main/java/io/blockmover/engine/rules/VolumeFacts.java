package io.blockmover.engine.rules;

import java.util.Map;

/**
 * What rules can match on. What is not known of a volume is empty, and a rule that asks for it does
 * not match.
 *
 * @param storageClass name of the StorageClass
 * @param driver CSI driver, or {@code "device"}, {@code "file"} of the command line
 * @param namespace of the claim
 * @param labels of the claim
 * @param sizeBytes of the volume
 */
public record VolumeFacts(
    String storageClass,
    String driver,
    String namespace,
    Map<String, String> labels,
    long sizeBytes) {

  public VolumeFacts {
    labels = Map.copyOf(labels);
  }
}
