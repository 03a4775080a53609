package io.blockmover.kubernetes;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/** The kinds of objects that the client library has no classes for. */
final class Kinds {

  static final String SNAPSHOT_GROUP = "snapshot.storage.k8s.io";
  static final String CBT_GROUP = "cbt.storage.k8s.io";

  static final ResourceDefinitionContext SNAPSHOT =
      context(SNAPSHOT_GROUP, "v1", "VolumeSnapshot", "volumesnapshots", true);
  static final ResourceDefinitionContext CONTENT =
      context(SNAPSHOT_GROUP, "v1", "VolumeSnapshotContent", "volumesnapshotcontents", false);
  static final ResourceDefinitionContext SNAPSHOT_CLASS =
      context(SNAPSHOT_GROUP, "v1", "VolumeSnapshotClass", "volumesnapshotclasses", false);
  static final ResourceDefinitionContext STORAGE_CLASS =
      context("storage.k8s.io", "v1", "StorageClass", "storageclasses", false);
  static final ResourceDefinitionContext DRIVER =
      context("storage.k8s.io", "v1", "CSIDriver", "csidrivers", false);

  private Kinds() {}

  static ResourceDefinitionContext metadataService(String version) {
    return context(
        CBT_GROUP, version, "SnapshotMetadataService", "snapshotmetadataservices", false);
  }

  private static ResourceDefinitionContext context(
      String group, String version, String kind, String plural, boolean namespaced) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(version)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(namespaced)
        .build();
  }
}
