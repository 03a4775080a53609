package io.blockmover.ceph.rbd.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.ceph.rbd.ImageIdentity;
import io.blockmover.ceph.rbd.librbd.ImageFeature;
import io.blockmover.ceph.rbd.librbd.ImageFlag;
import io.blockmover.ceph.rbd.librbd.ImageSnapshot;
import io.blockmover.ceph.rbd.librbd.SnapshotKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutlookTest {

  private static ImageStatus image(
      String name,
      Set<ImageFeature> features,
      Set<ImageFlag> flags,
      List<ImageSnapshot> snapshots,
      List<ImageStatus.Ancestor> ancestors) {
    return new ImageStatus(
        new ImageIdentity("f", 1, "", "1a", 0),
        "rbd/" + name,
        1 << 30,
        4 << 20,
        features,
        flags,
        snapshots,
        ancestors);
  }

  private static List<ImageSnapshot> snapshots(int count) {
    List<ImageSnapshot> all = new ArrayList<>();
    for (int id = 1; id <= count; id++) {
      SnapshotKind kind = id % 2 == 0 ? new SnapshotKind.User() : new SnapshotKind.Trash("was");
      all.add(new ImageSnapshot(id, "s" + id, 1 << 30, kind, Instant.EPOCH));
    }
    return all;
  }

  private static List<ImageStatus.Ancestor> ancestors(int depth) {
    List<ImageStatus.Ancestor> all = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      all.add(new ImageStatus.Ancestor("rbd/a" + i, "s", false));
    }
    return all;
  }

  @Test
  void ofAHealthyImageNothingIsSaid() {
    assertThat(Outlook.of(image("i", Set.of(), Set.of(), snapshots(199), List.of()))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "200, which are the bases",
    "250, which are the bases",
    "251, flattens the newest",
    "450, flattens the newest",
    "451, refuses new ones"
  })
  void snapshotsOfAllNamespacesAreHeldAgainstTheLimits(int count, String said) {
    assertThat(Outlook.of(image("i", Set.of(), Set.of(), snapshots(count), List.of())))
        .singleElement()
        .asString()
        .startsWith(count + " snapshots")
        .contains(said);
  }

  @ParameterizedTest
  @CsvSource({"3, a clone of it reaches 4", "4, in the background", "8, before it is flattened"})
  void depthIsHeldAgainstTheLimits(int depth, String said) {
    List<String> all = Outlook.of(image("i", Set.of(), Set.of(), List.of(), ancestors(depth)));
    assertThat(all).anySatisfy(it -> assertThat(it).contains("clone depth " + depth, said));
  }

  @Test
  void anAncestorInTheTrashEndsTheDepthAsCephCsiCountsIt() {
    List<ImageStatus.Ancestor> chain = ancestors(6);
    chain.set(2, new ImageStatus.Ancestor("rbd/gone", "s", true));
    assertThat(image("i", Set.of(), Set.of(), List.of(), chain).cloneDepth()).isEqualTo(2);
  }

  @Test
  void aFlattenedSnapshotIsToldFromAVolume() {
    List<ImageSnapshot> own =
        List.of(new ImageSnapshot(9, "csi-snap-1", 1, new SnapshotKind.User(), Instant.EPOCH));
    ImageStatus flattened = image("csi-snap-1", Set.of(), Set.of(), own, List.of());
    assertThat(flattened.isFlattenedSnapshot()).isTrue();
    assertThat(Outlook.of(flattened)).singleElement().asString().contains("it was flattened");
    ImageStatus whole = image("csi-snap-1", Set.of(), Set.of(), own, ancestors(1));
    assertThat(whole.isFlattenedSnapshot()).isFalse();
    assertThat(Outlook.of(whole)).isEmpty();
    assertThat(image("csi-vol-1", Set.of(), Set.of(), own, List.of()).isFlattenedSnapshot())
        .isFalse();
  }

  @Test
  void aRestoredVolumeIsWarnedOf() {
    assertThat(Outlook.of(image("csi-vol-1", Set.of(), Set.of(), List.of(), ancestors(1))))
        .singleElement()
        .asString()
        .contains("it is a clone of rbd/a0");
  }

  @Test
  void invalidMapsAndMigrationsAreSaid() {
    ImageStatus image =
        image(
            "i",
            Set.of(ImageFeature.MIGRATING),
            Set.of(ImageFlag.OBJECT_MAP_INVALID),
            List.of(),
            List.of());
    assertThat(Outlook.of(image))
        .hasSize(2)
        .anySatisfy(it -> assertThat(it).contains("rbd object-map rebuild rbd/i"))
        .anySatisfy(it -> assertThat(it).contains("migrated"));
  }
}
