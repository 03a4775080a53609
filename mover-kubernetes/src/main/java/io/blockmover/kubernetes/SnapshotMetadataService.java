package io.blockmover.kubernetes;

/**
 * Where and how a driver answers questions about its snapshots; the object of the same name in
 * group cbt.storage.k8s.io.
 *
 * @param driver the CSI driver's name, which is also the object's
 * @param apiVersion {@code v1beta1} or {@code v1alpha1}
 * @param address host and port, without scheme
 * @param audience that tokens for it must have
 * @param caCertificates PEM, one or more; only these are to be trusted
 * @param keepsBase whether a snapshot must be kept to ask later what changed since it
 * @param resourceVersion changes with any of this
 */
public record SnapshotMetadataService(
    String driver,
    String apiVersion,
    String address,
    String audience,
    String caCertificates,
    boolean keepsBase,
    String resourceVersion) {}
