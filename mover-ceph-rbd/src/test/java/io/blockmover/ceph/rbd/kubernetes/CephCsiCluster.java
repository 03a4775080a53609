package io.blockmover.ceph.rbd.kubernetes;

import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.SnapshotAttributes;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/** An API server with what ceph-csi, Rook and ODF leave there. */
public final class CephCsiCluster implements AutoCloseable {

  public static final String DRIVER = "openshift-storage.rbd.csi.ceph.com";

  private final FakeApiServer server = new FakeApiServer();
  private final Path kubeconfig;

  public CephCsiCluster() throws IOException {
    kubeconfig = server.kubeconfig(Files.createTempDirectory("ceph-csi-cluster"));
  }

  public FakeApiServer server() {
    return server;
  }

  /** Look-ups here, with an environment. */
  public KubernetesClusters clusters(Map<String, String> environment) {
    return new KubernetesClusters(() -> Cluster.open(kubeconfig), environment);
  }

  public Path kubeconfig() {
    return kubeconfig;
  }

  /** A ConfigMap with one text. */
  public void configMap(String namespace, String name, String key, String text) {
    server.put(
        """
        {"apiVersion": "v1", "kind": "ConfigMap",
         "metadata": {"namespace": "%s", "name": "%s"}, "data": {"%s": %s}}
        """
            .formatted(namespace, name, key, quoted(text)));
  }

  private static String quoted(String text) {
    return '"' + text.strip().replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ") + '"';
  }

  /** A Secret as ceph-csi is called with. */
  public void secret(String namespace, String name, String user, String key) {
    server.put(
        """
        {"apiVersion": "v1", "kind": "Secret",
         "metadata": {"namespace": "%s", "name": "%s"},
         "data": {"userID": "%s", "userKey": "%s"}}
        """
            .formatted(namespace, name, base64(user), base64(key)));
  }

  /** A Secret with one entry, as Rook makes for a CephClient. */
  public void clientSecret(String namespace, String name, String user, String key) {
    server.put(
        """
        {"apiVersion": "v1", "kind": "Secret",
         "metadata": {"namespace": "%s", "name": "%s"}, "data": {"%s": "%s"}}
        """
            .formatted(namespace, name, user, base64(key)));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A VolumeSnapshotContent whose deletion is done with a Secret, if one is named. */
  public void content(String name, String snapshotClass, String secret) {
    server.put(
        """
        {"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshotContent",
         "metadata": {"name": "%s", "annotations": {%s}},
         "spec": {"driver": "%s", "volumeSnapshotClassName": "%s"}}
        """
            .formatted(
                name,
                secret.isEmpty()
                    ? ""
                    : """
                    "snapshot.storage.kubernetes.io/deletion-secret-name": "%s",
                    "snapshot.storage.kubernetes.io/deletion-secret-namespace": "openshift-storage"
                    """
                        .formatted(secret),
                DRIVER,
                snapshotClass));
  }

  /** A VolumeSnapshotClass of the driver. */
  public void snapshotClass(String name, String secretNamespace, String secret) {
    server.put(
        """
        {"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshotClass",
         "metadata": {"name": "%s"}, "driver": "%s", "deletionPolicy": "Delete",
         "parameters": {"csi.storage.k8s.io/snapshotter-secret-name": "%s",
                        "csi.storage.k8s.io/snapshotter-secret-namespace": "%s"}}
        """
            .formatted(name, DRIVER, secret, secretNamespace));
  }

  /** A claim app/data and its volume, which is made and grown with Secrets. */
  public void claim(String annotated, String forGrowing) {
    server.put(
        """
        {"apiVersion": "v1", "kind": "PersistentVolumeClaim",
         "metadata": {"namespace": "app", "name": "data"}, "spec": {"volumeName": "pv-1"}}
        """);
    server.put(
        """
        {"apiVersion": "v1", "kind": "PersistentVolume",
         "metadata": {"name": "pv-1", "annotations": {
           "volume.kubernetes.io/provisioner-deletion-secret-name": "%s",
           "volume.kubernetes.io/provisioner-deletion-secret-namespace": "openshift-storage"}},
         "spec": {"csi": {"driver": "%s", "volumeHandle": "v",
           "controllerExpandSecretRef": {"namespace": "openshift-storage", "name": "%s"}}}}
        """
            .formatted(annotated, DRIVER, forGrowing));
  }

  /** The operator's objects for a cluster id. */
  public void profile(String clusterId, String radosNamespace, String monitor) {
    server.put(
        """
        {"apiVersion": "csi.ceph.io/v1", "kind": "ClientProfile",
         "metadata": {"namespace": "openshift-storage", "name": "%s"},
         "spec": {"cephConnectionRef": {"name": "connection"}, "rbd": {"radosNamespace": "%s"}}}
        """
            .formatted(clusterId, radosNamespace));
    server.put(
        """
        {"apiVersion": "csi.ceph.io/v1", "kind": "CephConnection",
         "metadata": {"namespace": "openshift-storage", "name": "connection"},
         "spec": {"monitors": ["%s"]}}
        """
            .formatted(monitor));
  }

  /** A snapshot app/monday of claim app/data. */
  public static SnapshotReference reference(String handle) {
    return new SnapshotReference(
        DRIVER,
        handle,
        "v",
        1 << 20,
        Map.of(
            SnapshotAttributes.NAMESPACE, "app",
            SnapshotAttributes.SNAPSHOT, "monday",
            SnapshotAttributes.CONTENT, "content-1",
            SnapshotAttributes.CLAIM, "data"));
  }

  @Override
  public void close() {
    server.close();
  }
}
