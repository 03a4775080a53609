package io.blockmover.kubernetes;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/** The kinds of objects that are made and deleted here. */
public enum ObjectKind {
  LEASE("coordination.k8s.io", "Lease", "leases", true),
  POD("", "Pod", "pods", true),
  CLAIM("", "PersistentVolumeClaim", "persistentvolumeclaims", true),
  SNAPSHOT(Kinds.SNAPSHOT_GROUP, "VolumeSnapshot", "volumesnapshots", true),
  CONTENT(Kinds.SNAPSHOT_GROUP, "VolumeSnapshotContent", "volumesnapshotcontents", false);

  private static final String VERSION = "v1";

  private final String group;
  private final String kind;
  private final String plural;
  private final boolean namespaced;

  ObjectKind(String group, String kind, String plural, boolean namespaced) {
    this.group = group;
    this.kind = kind;
    this.plural = plural;
    this.namespaced = namespaced;
  }

  /** As objects name it. */
  public String kind() {
    return kind;
  }

  /** As objects name it: group and version. */
  public String apiVersion() {
    return group.isEmpty() ? VERSION : group + "/" + VERSION;
  }

  ResourceDefinitionContext context() {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(VERSION)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(namespaced)
        .build();
  }
}
