package io.blockmover.velero.download;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.kubernetes.Cluster;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A DataDownload that somebody removed in mid-run, finalizer and all. */
class OrphanedVolumesTest {

  private DownloadFixture f;
  private Cluster cluster;
  private OrphanedVolumes orphans;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    f = new DownloadFixture(directory, false);
    f.download();
    f.target("Filesystem");
    cluster = Cluster.open(f.server.kubeconfig(directory));
    orphans = new OrphanedVolumes(cluster.objects(), "velero", f.clock);
  }

  @AfterEach
  void close() {
    cluster.close();
    f.close();
  }

  private void removeDownloadWhen(String sign) throws Exception {
    while (!f.server.names("PersistentVolume").stream()
        .map(name -> f.server.find("PersistentVolume", "", name).orElseThrow().toString())
        .anyMatch(volume -> volume.contains(sign))) {
      f.step();
    }
    f.server.change(
        "DataDownload", "velero", "dd", o -> o.withObject("/metadata").remove("finalizers"));
    f.server.delete("DataDownload", "velero", "dd");
    for (int i = 0; i < 5; i++) {
      f.volumes.round();
    }
  }

  private int sweepAfter(Duration time) throws Exception {
    f.advance(time);
    int settled = orphans.sweep();
    for (int i = 0; i < 5; i++) {
      f.volumes.round();
    }
    return settled;
  }

  @Test
  void aVolumeThatWasNotHandedOverIsDeletedAfterAWhile() throws Exception {
    removeDownloadWhen(RestoredVolume.RESTORED);
    assertThat(sweepAfter(Duration.ofMinutes(30))).isZero();
    assertThat(f.volumes.handles).hasSize(1);
    assertThat(sweepAfter(Duration.ofMinutes(40))).isEqualTo(1);
    assertThat(f.volumes.handles).isEmpty();
    assertThat(f.server.names("PersistentVolume")).isEmpty();
  }

  @Test
  void aVolumeThatIsItsClaimsBecomesAnOrdinaryOne() throws Exception {
    removeDownloadWhen("bm-pv-u-1");
    assertThat(sweepAfter(Duration.ofHours(2))).isEqualTo(2);
    assertThat(f.volumes.handles).isEqualTo(f.volumes.filled).hasSize(1);
    assertThat(f.server.names("PersistentVolume")).containsExactly("bm-pv-u-1");
    assertThat(f.delivered().orElseThrow().at("/metadata/labels").toString())
        .doesNotContain("blockmover");
    assertThat(sweepAfter(Duration.ofHours(2))).isZero();
  }

  @Test
  void theVolumeOfALivingDownloadIsLeftAlone() throws Exception {
    f.volumes.podsGo = false;
    while (f.server.names("PersistentVolume").isEmpty()
        || !f.server
            .find("PersistentVolume", "", f.server.names("PersistentVolume").getFirst())
            .orElseThrow()
            .toString()
            .contains(RestoredVolume.RESTORED)) {
      f.step();
    }
    assertThat(sweepAfter(Duration.ofHours(2))).isZero();
    assertThat(f.volumes.handles).hasSize(1);
  }
}
