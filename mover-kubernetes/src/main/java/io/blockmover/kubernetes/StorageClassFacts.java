package io.blockmover.kubernetes;

import java.util.Map;

/**
 * A StorageClass.
 *
 * @param parameters for the driver
 * @param waits whether volumes are made only when a pod wants them (WaitForFirstConsumer)
 * @param standard whether claims that name no class get this one
 */
public record StorageClassFacts(
    String name,
    String provisioner,
    Map<String, String> parameters,
    boolean waits,
    boolean standard) {

  public StorageClassFacts {
    parameters = Map.copyOf(parameters);
  }

  static StorageClassFacts of(ClusterObject fields) {
    return new StorageClassFacts(
        fields.name(),
        fields.text("provisioner").orElse(""),
        fields.texts("parameters"),
        fields.text("volumeBindingMode").filter("WaitForFirstConsumer"::equals).isPresent(),
        "true".equals(fields.annotations().get("storageclass.kubernetes.io/is-default-class")));
  }
}
