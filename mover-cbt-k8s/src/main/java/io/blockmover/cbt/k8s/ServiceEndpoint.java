package io.blockmover.cbt.k8s;

/**
 * Where a driver answers questions about its snapshots, as its SnapshotMetadataService object says.
 *
 * @param driver the CSI driver's name
 * @param address host and port, without scheme
 * @param audience that tokens for it must have
 * @param caCertificates PEM, one or more; only these are trusted
 */
public record ServiceEndpoint(
    String driver, String address, String audience, String caCertificates) {

  /**
   * @throws IllegalArgumentException if a part is empty, which the API server does not refuse
   */
  public ServiceEndpoint {
    if (driver.isEmpty() || address.isEmpty() || audience.isEmpty() || caCertificates.isBlank()) {
      throw new IllegalArgumentException(
          "the SnapshotMetadataService of driver '%s' lacks an address, an audience or a certificate"
              .formatted(driver));
    }
  }
}
