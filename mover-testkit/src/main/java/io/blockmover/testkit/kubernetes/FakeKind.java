package io.blockmover.testkit.kubernetes;

import java.util.List;
import java.util.Optional;

/** A kind of objects that the fake API server serves. */
record FakeKind(String group, String version, String kind, String plural, boolean namespaced) {

  static final List<FakeKind> ALL =
      List.of(
          of("", "v1", "Namespace", "namespaces", false),
          of("", "v1", "Node", "nodes", false),
          of("", "v1", "PersistentVolume", "persistentvolumes", false),
          of("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", true),
          of("", "v1", "Pod", "pods", true),
          of("", "v1", "Service", "services", true),
          of("", "v1", "ServiceAccount", "serviceaccounts", true),
          of("", "v1", "Secret", "secrets", true),
          of("", "v1", "ConfigMap", "configmaps", true),
          of("", "v1", "Event", "events", true),
          of("apps", "v1", "Deployment", "deployments", true),
          of("coordination.k8s.io", "v1", "Lease", "leases", true),
          of("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false),
          of("storage.k8s.io", "v1", "StorageClass", "storageclasses", false),
          of("storage.k8s.io", "v1", "VolumeAttachment", "volumeattachments", false),
          of("velero.io", "v2alpha1", "DataUpload", "datauploads", true),
          of("velero.io", "v2alpha1", "DataDownload", "datadownloads", true),
          of("velero.io", "v1", "Backup", "backups", true),
          of("velero.io", "v1", "BackupStorageLocation", "backupstoragelocations", true),
          of("storage.k8s.io", "v1", "CSIDriver", "csidrivers", false),
          of("snapshot.storage.k8s.io", "v1", "VolumeSnapshot", "volumesnapshots", true),
          of(
              "snapshot.storage.k8s.io",
              "v1",
              "VolumeSnapshotContent",
              "volumesnapshotcontents",
              false),
          of(
              "snapshot.storage.k8s.io",
              "v1",
              "VolumeSnapshotClass",
              "volumesnapshotclasses",
              false),
          of("csi.ceph.io", "v1", "ClientProfile", "clientprofiles", true),
          of("csi.ceph.io", "v1", "CephConnection", "cephconnections", true),
          of("csi.ceph.io", "v1", "ClientProfileMapping", "clientprofilemappings", true),
          of(
              "cbt.storage.k8s.io",
              "v1beta1",
              "SnapshotMetadataService",
              "snapshotmetadataservices",
              false),
          of(
              "cbt.storage.k8s.io",
              "v1alpha1",
              "SnapshotMetadataService",
              "snapshotmetadataservices",
              false));

  private static FakeKind of(
      String group, String version, String kind, String plural, boolean namespaced) {
    return new FakeKind(group, version, kind, plural, namespaced);
  }

  static Optional<FakeKind> of(String apiVersion, String kind) {
    return ALL.stream()
        .filter(known -> known.apiVersion().equals(apiVersion) && known.kind.equals(kind))
        .findFirst();
  }

  String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** Where its objects are: {@code /api/v1/…} or {@code /apis/group/version/…}. */
  String root() {
    return (group.isEmpty() ? "/api/" : "/apis/") + apiVersion();
  }
}
