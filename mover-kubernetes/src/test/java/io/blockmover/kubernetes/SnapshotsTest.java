package io.blockmover.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blockmover.api.AccessDenied;
import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.api.ClusterUnavailable;
import io.blockmover.api.ErrorKind;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import io.blockmover.testkit.kubernetes.FakeRule;
import io.blockmover.testkit.kubernetes.SampleCluster;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotsTest {

  private static final ObjectName NAME = new ObjectName("app", "monday");

  private final FakeApiServer server = new FakeApiServer();
  private Cluster cluster;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    cluster = Cluster.open(server.kubeconfig(directory));
    SampleCluster.snapshot(server, "monday", 1);
  }

  @AfterEach
  void stop() {
    cluster.close();
    server.close();
  }

  private SnapshotFacts load() throws MoverException {
    return cluster.snapshots().load(NAME);
  }

  private AbstractThrowableAssert<?, ?> refusal(ErrorKind kind) {
    return assertThatThrownBy(this::load)
        .isInstanceOfSatisfying(
            ClusterObjectUnusable.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  private void snapshotBecomes(Consumer<ObjectNode> change) {
    server.change("VolumeSnapshot", "app", "monday", change);
  }

  private void contentBecomes(Consumer<ObjectNode> change) {
    server.change("VolumeSnapshotContent", "", "content-monday", change);
  }

  @Test
  void aReadySnapshotGivesATrackerAllThatItNeeds() throws Exception {
    SnapshotReference reference = load().reference();
    assertThat(reference.driver()).isEqualTo("disk.example.com");
    assertThat(reference.handle()).isEqualTo("handle-monday");
    assertThat(reference.volumeHandle()).isEqualTo("vol-1");
    assertThat(reference.sizeBytes()).isEqualTo(1L << 30);
    assertThat(reference.attributes())
        .containsEntry(SnapshotAttributes.NAMESPACE, "app")
        .containsEntry(SnapshotAttributes.SNAPSHOT, "monday")
        .containsEntry(SnapshotAttributes.CLAIM, "data")
        .containsEntry(SnapshotAttributes.CREATED, "2026-01-01T00:00:01Z")
        .containsEntry(SnapshotAttributes.VOLUME_MODE, "Filesystem")
        .containsEntry(SnapshotAttributes.annotation("example.com/change-id"), "change-monday");
  }

  @Test
  void aSnapshotThatWasMadeForAHandleSaysByAnAnnotationOfWhichVolumeItIs() throws Exception {
    contentBecomes(
        object -> {
          object.withObject("/spec/source").remove("volumeHandle");
          object.withObject("/metadata/annotations").put(SnapshotFacts.VOLUME_HANDLE, "vol-2");
        });
    assertThat(load().volumeHandle()).isEqualTo("vol-2");
  }

  @Test
  void aSnapshotThatIsNotThereIsSaidToBeMissing() {
    server.delete("VolumeSnapshot", "app", "monday");
    refusal(ErrorKind.NOT_FOUND).hasMessage("there is no VolumeSnapshot app/monday");
  }

  @Test
  void aClusterWithoutSnapshotsIsAnErrorToo() {
    server.without("snapshot.storage.k8s.io");
    refusal(ErrorKind.NOT_FOUND).hasMessageContaining("app/monday");
  }

  @Test
  void aSnapshotThatNobodyHasLookedAtIsNotReady() {
    snapshotBecomes(object -> object.remove("status"));
    refusal(ErrorKind.UNAVAILABLE).hasMessageContaining("no controller has looked at");
  }

  @Test
  void aSnapshotThatIsNotReadyIsSaidToBeSo() {
    snapshotBecomes(object -> object.withObject("/status").put("readyToUse", false));
    refusal(ErrorKind.UNAVAILABLE).hasMessageContaining("is not ready to use");
  }

  @Test
  void aFailedSnapshotGivesTheDriversMessage() {
    snapshotBecomes(
        object ->
            object
                .withObject("/status")
                .put("readyToUse", false)
                .putObject("error")
                .put("message", "no space in pool"));
    refusal(ErrorKind.REFUSED).hasMessageContaining("app/monday failed: no space in pool");
  }

  @Test
  void aComplaintThatWasOvercomeDoesNotMatter() throws Exception {
    snapshotBecomes(
        object -> object.withObject("/status").putObject("error").put("message", "was slow"));
    assertThat(load().handle()).isEqualTo("handle-monday");
  }

  @Test
  void anUnboundSnapshotIsNotReady() {
    snapshotBecomes(
        object -> object.withObject("/status").remove("boundVolumeSnapshotContentName"));
    refusal(ErrorKind.UNAVAILABLE).hasMessageContaining("is not bound");
  }

  @Test
  void aSnapshotThatIsBeingDeletedIsRefused() {
    snapshotBecomes(
        object -> {
          object.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
          object.withObject("/metadata").putArray("finalizers").add("x/y");
        });
    refusal(ErrorKind.REFUSED).hasMessageContaining("is being deleted");
  }

  @Test
  void aLostContentIsSaidToBeLost() {
    server.delete("VolumeSnapshotContent", "", "content-monday");
    refusal(ErrorKind.NOT_FOUND).hasMessageContaining("content-monday, which is gone");
  }

  @Test
  void aContentOfAnotherSnapshotIsRefused() {
    contentBecomes(
        object -> object.withObject("/spec/volumeSnapshotRef").put("uid", "somebody-else"));
    refusal(ErrorKind.REFUSED).hasMessageContaining("(uid somebody-else), not to app/monday");
  }

  @Test
  void aContentOfAnotherNamespaceIsRefused() {
    contentBecomes(
        object -> object.withObject("/spec/volumeSnapshotRef").put("namespace", "other"));
    refusal(ErrorKind.REFUSED).hasMessageContaining("belongs to VolumeSnapshot other/monday");
  }

  @Test
  void aSnapshotWithoutHandleIsNotReady() {
    contentBecomes(object -> object.withObject("/status").remove("snapshotHandle"));
    refusal(ErrorKind.UNAVAILABLE).hasMessageContaining("has no snapshot handle yet");
  }

  @Test
  void aSnapshotOfUnknownSizeIsRefused() {
    contentBecomes(object -> object.withObject("/status").remove("restoreSize"));
    snapshotBecomes(object -> object.withObject("/status").put("restoreSize", "0"));
    refusal(ErrorKind.REFUSED).hasMessageContaining("the size of VolumeSnapshot app/monday");
  }

  @Test
  void theSizeOfTheSnapshotStandsInForThatOfTheContent() throws Exception {
    contentBecomes(object -> object.withObject("/status").remove("restoreSize"));
    assertThat(load().restoreSizeBytes()).isEqualTo(1L << 30);
  }

  @Test
  void aMissingPermissionSaysWhoPrintsTheRule() {
    server.deny(new FakeRule("get", "snapshot.storage.k8s.io", "volumesnapshotcontents"));
    assertThatThrownBy(this::load)
        .isInstanceOfSatisfying(
            AccessDenied.class, e -> assertThat(e.advice()).contains("mover doctor --cluster"))
        .hasMessageContaining("volumesnapshotcontents");
  }

  @Test
  void aHiccupOfTheServerIsTriedAgain() throws Exception {
    server.fail(request -> request.contains("volumesnapshots/"), 503, 2);
    assertThat(load().handle()).isEqualTo("handle-monday");
  }

  @Test
  void aServerThatDoesNotAnswerIsUnavailable() {
    server.close();
    assertThatThrownBy(this::load)
        .isInstanceOf(ClusterUnavailable.class)
        .hasMessageContaining("cannot read VolumeSnapshot app/monday");
  }

  @Test
  void aListIsInTheOrderInWhichSnapshotsWereTaken() throws Exception {
    SampleCluster.snapshot(server, "a-later-one", 9);
    SampleCluster.snapshot(server, "z-earlier-one", 0);
    assertThat(cluster.snapshots().list("app"))
        .extracting(state -> state.name().name())
        .containsExactly("z-earlier-one", "monday", "a-later-one");
  }

  @Test
  void aBaseMustBeOlderAndOfTheSameVolumeAndDriver() throws Exception {
    SampleCluster.snapshot(server, "tuesday", 2);
    SnapshotFacts monday = load();
    SnapshotFacts tuesday = cluster.snapshots().load(new ObjectName("app", "tuesday"));
    tuesday.requireBase(monday);
    assertThatThrownBy(() -> monday.requireBase(tuesday)).hasMessageContaining("not older");
    assertThatThrownBy(() -> monday.requireBase(monday)).hasMessageContaining("not older");
    contentBecomes(object -> object.withObject("/spec/source").put("volumeHandle", "recreated"));
    assertThatThrownBy(() -> tuesday.requireBase(load())).hasMessageContaining("different volumes");
    contentBecomes(object -> object.withObject("/spec").put("driver", "other.example.com"));
    assertThatThrownBy(() -> tuesday.requireBase(load()))
        .hasMessageContaining("of driver other.example.com");
  }

  @Test
  void timesAreExactToTheNanosecond() throws Exception {
    contentBecomes(
        object -> object.withObject("/status").put("creationTime", 1_767_225_600_123_456_789L));
    assertThat(load().created()).contains(Instant.parse("2026-01-01T00:00:00.123456789Z"));
  }
}
