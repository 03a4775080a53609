package io.blockmover.cbt.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.BaseSnapshotMissing;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.kubernetes.SnapshotAttributes;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsiChangeIdTest extends SidecarTest {

  @Test
  void whatIsRecordedReadsBackWhateverIsInIt() {
    CsiChangeId id =
        new CsiChangeId(
            "a|b%", "vol ume/ü", 42, Instant.parse("2026-01-02T03:04:05.678Z"), "h|%7C+ x");
    assertThat(CsiChangeId.parse(id.encoded())).contains(id);
    CsiChangeId unknown = new CsiChangeId("d", "v", -1, null, "h");
    assertThat(CsiChangeId.parse(unknown.encoded())).contains(unknown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "csi2|a|b|1||d", "csi1|a|b|many||d", "csi1|a|b|1|today|d", "csi1|%"})
  void whatSomebodyElseRecordedIsNoBase(String recorded) {
    assertThat(CsiChangeId.parse(new ChangeId(recorded))).isEmpty();
  }

  @Test
  void theHandleIsTheChangeIdOfMostDrivers() {
    assertThat(CsiChangeId.of(snapshot("a", SIZE, 1))).map(CsiChangeId::id).contains("handle-a");
  }

  @Test
  void vsphereHasItsChangeIdInAnAnnotation() {
    SnapshotReference without =
        new SnapshotReference("csi.vsphere.vmware.com", "handle", "volume", SIZE, Map.of());
    assertThat(CsiChangeId.of(without)).isEmpty();
    SnapshotReference with =
        new SnapshotReference(
            "csi.vsphere.vmware.com",
            "handle",
            "volume",
            SIZE,
            Map.of(SnapshotAttributes.annotation("csi.vsphere.volume/change-id"), "52 de/4"));
    assertThat(CsiChangeId.of(with)).map(CsiChangeId::id).contains("52 de/4");
  }

  @Test
  void aSnapshotOfAnUnknownVolumeIsNoBase() {
    assertThat(CsiChangeId.of(new SnapshotReference("d", "handle", "", SIZE, Map.of()))).isEmpty();
  }

  @Test
  void aBaseOfAnotherDriverIsNotAskedFor() {
    refused(
        new CsiChangeId("other.csi", "volume", SIZE, Instant.EPOCH, "handle-old"),
        "the last backup was of driver other.csi, this snapshot is of fake.csi");
  }

  @Test
  void aBaseOfAVolumeThatHadTheSameNameIsNotAskedFor() {
    refused(
        new CsiChangeId("fake.csi", "volume before", SIZE, Instant.EPOCH, "handle-old"),
        "the last backup was of volume 'volume before', this snapshot is of 'volume'");
  }

  @Test
  void aBaseThatIsNewerOrAsOldIsNotAskedFor() {
    refused(CsiChangeId.of(snapshot("old", SIZE, 3)).orElseThrow(), "is not older than");
    refused(CsiChangeId.of(snapshot("old", SIZE, 2)).orElseThrow(), "is not older than");
  }

  @Test
  void aBaseOfUnknownAgeIsNotAskedFor() {
    refused(new CsiChangeId("fake.csi", "volume", SIZE, null, "h"), "nobody knows whether base h");
  }

  @Test
  void aBaseThatAPersonNamesIsAskedForUnchecked() throws Exception {
    SnapshotReference target = snapshot("new", SIZE, 2);
    try (var tracker = provider().open(target)) {
      tracker.changedSince(CsiChangeId.named("any", target).encoded(), 0).close();
    }
    assertThat(sidecar.requests).extracting(FakeSidecar.Request::base).containsExactly("any");
  }

  @Test
  void nothingChangesBetweenASnapshotAndItself() throws Exception {
    assertThat(changedSince(snapshot("new", SIZE, 2))).isEmpty();
    assertThat(sidecar.requests).isEmpty();
  }

  @Test
  void theAgeOfTheTargetMustBeKnown() throws Exception {
    SnapshotReference target = snapshot("new", SIZE, 2);
    Map<String, String> attributes = new HashMap<>(target.attributes());
    attributes.remove(SnapshotAttributes.CREATED);
    Optional<String> mismatch =
        CsiChangeId.of(snapshot("old", SIZE, 1))
            .orElseThrow()
            .mismatch(
                new SnapshotReference(
                    target.driver(), target.handle(), target.volumeHandle(), SIZE, attributes));
    assertThat(mismatch).hasValueSatisfying(why -> assertThat(why).contains("nobody knows"));
  }

  private void refused(CsiChangeId base, String why) {
    assertThatThrownBy(
            () -> {
              try (var tracker = provider().open(snapshot("new", SIZE, 2))) {
                tracker.changedSince(base.encoded(), 0).close();
              }
            })
        .isInstanceOf(BaseSnapshotMissing.class)
        .hasMessageContaining(why);
    assertThat(sidecar.requests).isEmpty();
  }
}
