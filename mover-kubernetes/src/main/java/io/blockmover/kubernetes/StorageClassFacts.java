package io.blockmover.kubernetes;

/**
 * A StorageClass.
 *
 * @param waits whether volumes are made only when a pod wants them (WaitForFirstConsumer)
 * @param standard whether claims that name no class get this one
 */
public record StorageClassFacts(String name, String provisioner, boolean waits, boolean standard) {

  static StorageClassFacts of(ClusterObject fields) {
    return new StorageClassFacts(
        fields.name(),
        fields.text("provisioner").orElse(""),
        fields.text("volumeBindingMode").filter("WaitForFirstConsumer"::equals).isPresent(),
        "true".equals(fields.annotations().get("storageclass.kubernetes.io/is-default-class")));
  }
}
