package io.blockmover.cbt.k8s.serve;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The SnapshotMetadataService object by which clients find a server. */
public final class ServiceObject {

  private ServiceObject() {}

  /**
   * Its YAML, for {@code kubectl apply}.
   *
   * @param driver the CSI driver's name, which must be the object's
   * @param address host and port as clients reach it; the certificate must name the host
   * @param authorities PEM of those that clients shall trust
   */
  public static String yaml(String driver, String address, String audience, String authorities) {
    return """
        apiVersion: cbt.storage.k8s.io/v1beta1
        kind: SnapshotMetadataService
        metadata:
          name: %s
        spec:
          address: "%s"
          audience: "%s"
          caCert: %s
        """
        .formatted(
            driver,
            address,
            audience,
            Base64.getEncoder().encodeToString(authorities.getBytes(StandardCharsets.US_ASCII)));
  }
}
