package io.blockmover.kubernetes;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/**
 * A kind of objects, as the API server serves it.
 *
 * @param group empty for the core's
 * @param kind as objects name it
 * @param plural as addresses name it
 */
public record ObjectKind(
    String group, String version, String kind, String plural, boolean namespaced) {

  public static final ObjectKind LEASE = of("coordination.k8s.io", "Lease", "leases");
  public static final ObjectKind POD = of("", "Pod", "pods");
  public static final ObjectKind EVENT = of("", "Event", "events");
  public static final ObjectKind SECRET = of("", "Secret", "secrets");
  public static final ObjectKind CONFIG_MAP = of("", "ConfigMap", "configmaps");
  public static final ObjectKind CLAIM = of("", "PersistentVolumeClaim", "persistentvolumeclaims");
  public static final ObjectKind VOLUME = clusterWide("", "PersistentVolume", "persistentvolumes");
  public static final ObjectKind NODE = clusterWide("", "Node", "nodes");
  public static final ObjectKind STORAGE_CLASS =
      clusterWide("storage.k8s.io", "StorageClass", "storageclasses");
  public static final ObjectKind ATTACHMENT =
      clusterWide("storage.k8s.io", "VolumeAttachment", "volumeattachments");
  public static final ObjectKind DRIVER = clusterWide("storage.k8s.io", "CSIDriver", "csidrivers");
  public static final ObjectKind SNAPSHOT =
      of(Kinds.SNAPSHOT_GROUP, "VolumeSnapshot", "volumesnapshots");
  public static final ObjectKind CONTENT =
      clusterWide(Kinds.SNAPSHOT_GROUP, "VolumeSnapshotContent", "volumesnapshotcontents");
  public static final ObjectKind SNAPSHOT_CLASS =
      clusterWide(Kinds.SNAPSHOT_GROUP, "VolumeSnapshotClass", "volumesnapshotclasses");

  private static final String VERSION = "v1";

  private static ObjectKind of(String group, String kind, String plural) {
    return new ObjectKind(group, VERSION, kind, plural, true);
  }

  private static ObjectKind clusterWide(String group, String kind, String plural) {
    return new ObjectKind(group, VERSION, kind, plural, false);
  }

  /** As objects name it: group and version. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  ResourceDefinitionContext context() {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(version)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(namespaced)
        .build();
  }
}
