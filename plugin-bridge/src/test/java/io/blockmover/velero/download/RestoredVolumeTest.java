package io.blockmover.velero.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import io.blockmover.velero.transfer.Transfer;
import io.blockmover.velero.transfer.TransferKind;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of two controllers that look at a volume at once, one decides what becomes of it. */
class RestoredVolumeTest {

  private final FakeApiServer server = new FakeApiServer();
  private Cluster cluster;
  private ClusterObjects objects;
  private Transfer transfer;
  private TargetClaim target;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    cluster = Cluster.open(server.kubeconfig(directory));
    objects = cluster.objects();
    server.put(
        """
        {"apiVersion": "velero.io/v2alpha1", "kind": "DataDownload",
         "metadata": {"namespace": "velero", "name": "dd", "uid": "u-1"}, "spec": {}}
        """);
    server.put(
        """
        {"apiVersion": "v1", "kind": "PersistentVolumeClaim",
         "metadata": {"namespace": "app", "name": "data"}, "spec": {"volumeMode": "Block"}}
        """);
    server.put(
        """
        {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "pv"},
         "spec": {"volumeMode": "Block", "persistentVolumeReclaimPolicy": "Retain",
                  "csi": {"driver": "d", "volumeHandle": "h"}}}
        """);
    ObjectName name = new ObjectName("velero", "dd");
    transfer =
        new Transfer(
            TransferKind.DOWNLOAD, objects.find(TransferKind.DOWNLOAD.kind(), name).orElseThrow());
    target =
        new TargetClaim(
            objects.find(ObjectKind.CLAIM, new ObjectName("app", "data")).orElseThrow());
  }

  @AfterEach
  void close() {
    cluster.close();
    server.close();
  }

  private RestoredVolume seen() throws Exception {
    return new RestoredVolume(objects.find(ObjectKind.VOLUME, "pv").orElseThrow());
  }

  private void write(Map<String, Object> patch) throws Exception {
    objects.patch(ObjectKind.VOLUME, "", "pv", patch);
  }

  @Test
  void whatWasHandedOverIsNotDiscardedByOneThatSawItBefore() throws Exception {
    RestoredVolume before = seen();
    write(RestoredVolume.handedOver(before, target));
    assertThatThrownBy(() -> write(RestoredVolume.doomed(before, transfer.labels())))
        .matches(e -> ClusterObjects.conflict((MoverException) e));
    assertThat(seen().policy()).isEqualTo("Retain");
    assertThat(seen().belongsTo(target.uid())).isTrue();
  }

  @Test
  void whatWasDiscardedIsNotHandedOverByOneThatSawItBefore() throws Exception {
    RestoredVolume before = seen();
    write(RestoredVolume.doomed(before, transfer.labels()));
    assertThatThrownBy(() -> write(RestoredVolume.handedOver(before, target)))
        .matches(e -> ClusterObjects.conflict((MoverException) e));
    assertThat(seen().handedOver()).isFalse();
  }
}
