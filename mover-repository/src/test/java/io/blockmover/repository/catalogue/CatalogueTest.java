package io.blockmover.repository.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.BackupNotFound;
import io.blockmover.api.CorruptData;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.repository.Randomness;
import io.blockmover.repository.Repository;
import io.blockmover.repository.commit.Forget;
import io.blockmover.repository.commit.Scene;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.head.HeadState;
import io.blockmover.repository.head.HeadStore;
import io.blockmover.repository.head.VolumeHead;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class CatalogueTest {

  private final Scene scene;

  CatalogueTest() throws Exception {
    scene = new Scene();
  }

  private HeadState add(String volume, int count) throws Exception {
    HeadStore heads = new HeadStore(scene.repository);
    HeadState state = heads.load(volume);
    for (int i = 0; i < count; i++) {
      String id = scene.repository.random().name();
      BackupRow row =
          new BackupRow(id, "s/x/" + id, Instant.ofEpochSecond(i), 1, 1, null, List.of(), 0);
      assertThat(heads.swap(state, heads.with(state, row))).isPresent();
      state = heads.load(volume);
    }
    return state;
  }

  @Test
  void foldedBackupsStayInOrderAndCanBeForgotten() throws Exception {
    HeadState state = add(Scene.VOLUME, 300);
    HeadStore heads = new HeadStore(scene.repository);
    assertThat(state.head().backups()).hasSizeLessThanOrEqualTo(VolumeHead.MAX_ROWS);
    List<BackupRow> all = heads.all(state.head());
    assertThat(all).hasSize(300);
    assertThat(all).isSortedAccordingTo((a, b) -> a.created().compareTo(b.created()));
    assertThat(heads.find(state, all.getFirst().id())).contains(all.getFirst());
    List<String> ids = all.stream().map(BackupRow::id).toList();
    Set<String> most = Set.copyOf(ids.subList(100, 300));
    assertThat(new Forget(scene.repository).forget(Scene.VOLUME, most)).isEqualTo(most);
    HeadState after = heads.load(Scene.VOLUME);
    assertThat(heads.all(after.head()).stream().map(BackupRow::id))
        .containsExactlyElementsOf(ids.subList(0, 100));
    assertThat(after.head().latest()).contains(all.get(99));
    assertThat(after.head().olderCount() + after.head().backups().size()).isEqualTo(100);
  }

  @Test
  void latestIsTheLastThatWasCommittedThoughAClockWentBack() throws Exception {
    Clock fast = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));
    Repository early = Repository.open(scene.memory, null, fast, Randomness.secure());
    Scene.backUp(early, "a");
    BackupRow last = Scene.backUp(scene.repository, "a");
    assertThat(last.created()).isBefore(Scene.backUp(early, "b").created());
    BackupFinder finder = new BackupFinder(scene.repository);
    assertThat(finder.find("a@latest").row()).isEqualTo(last);
    new Forget(scene.repository).forget("b", Set.of(finder.find("b@latest").row().id()));
    assertThat(finder.find("latest").row()).isEqualTo(last);
    assertThat(Scene.backUp(scene.repository, "a").parent()).isEqualTo(last.id());
  }

  @Test
  void aStaleSegmentIsNotBelieved() throws Exception {
    BackupRow first = Scene.backUp(scene.repository, "a");
    assertThat(scene.memory.keys("c/")).isNotEmpty();
    add("a", 1);
    assertThat(new Catalogue(scene.repository).list().getFirst().backups()).hasSize(2);
    scene.memory.damage(scene.memory.keys("c/").getFirst(), bytes -> new byte[bytes.length]);
    assertThat(new Catalogue(scene.repository).list().getFirst().backups()).contains(first);
  }

  @Test
  void aHeadThatWasSetBackIsDamageAndNoListWithoutItsLastBackups() throws Exception {
    Scene.backUp(scene.repository, "a");
    String key = scene.memory.keys("v/").getFirst();
    byte[] old = scene.memory.load(key, 1 << 20).bytes();
    Scene.backUp(scene.repository, "a");
    scene.memory.put(key, ByteBuffer.wrap(old));
    List<CorruptData> damaged = new ArrayList<>();
    assertThat(new Catalogue(scene.repository).list(damaged::add)).hasSize(1);
    assertThat(damaged).extracting(CorruptData::key).containsExactly(key);
    assertThat(damaged.getFirst()).hasMessageContaining("seq 2 or more");
  }

  @Test
  void aHeadThatWasSetBackIsDamageThoughNewBackupsFollowed() throws Exception {
    Scene.backUp(scene.repository, "a");
    String key = scene.memory.keys("v/").getFirst();
    byte[] old = scene.memory.load(key, 1 << 20).bytes();
    BackupRow lost = Scene.backUp(scene.repository, "a");
    Map<String, byte[]> remembered = segments();
    scene.memory.put(key, ByteBuffer.wrap(old));
    Scene.backUp(scene.repository, "a");
    Scene.backUp(scene.repository, "a");
    onlySegments(remembered);
    assertThatThrownBy(() -> new Catalogue(scene.repository).list())
        .isInstanceOf(CorruptData.class)
        .hasMessageContaining("backup " + lost.id() + ", which the catalogue remembers");
  }

  @Test
  void aForgottenBackupThatASegmentRemembersIsNoDamage() throws Exception {
    BackupRow first = Scene.backUp(scene.repository, "a");
    Map<String, byte[]> remembered = segments();
    Scene.backUp(scene.repository, "a");
    new Forget(scene.repository).forget("a", Set.of(first.id()));
    onlySegments(remembered);
    assertThat(new Catalogue(scene.repository).list()).hasSize(1);
  }

  private Map<String, byte[]> segments() throws Exception {
    Map<String, byte[]> segments = new TreeMap<>();
    for (String key : scene.memory.keys("c/")) {
      segments.put(key, scene.memory.load(key, 1 << 20).bytes());
    }
    return segments;
  }

  private void onlySegments(Map<String, byte[]> segments) throws Exception {
    for (String key : scene.memory.keys("c/")) {
      scene.memory.delete(key);
    }
    for (Map.Entry<String, byte[]> segment : segments.entrySet()) {
      scene.memory.put(segment.getKey(), ByteBuffer.wrap(segment.getValue()));
    }
  }

  @Test
  void aMissingListOfOlderBackupsIsDamage() throws Exception {
    HeadState state = add(Scene.VOLUME, 300);
    String list = Objects.requireNonNull(state.head().older());
    scene.memory.delete(list);
    assertThatThrownBy(() -> new HeadStore(scene.repository).all(state.head()))
        .isInstanceOfSatisfying(CorruptData.class, e -> assertThat(e.key()).isEqualTo(list));
    List<CorruptData> damaged = new ArrayList<>();
    BackupRow other = Scene.backUp(scene.repository, "other");
    assertThat(new Catalogue(scene.repository).list(damaged::add))
        .singleElement()
        .satisfies(volume -> assertThat(volume.backups()).containsExactly(other));
    assertThat(damaged).extracting(CorruptData::key).containsExactly(list);
  }

  @Test
  void aListThatHeadMovedOnFromIsNoDamage() throws Exception {
    HeadState before = add(Scene.VOLUME, 150);
    HeadState after = add(Scene.VOLUME, 100);
    assertThat(after.head().older()).isNotEqualTo(before.head().older());
    scene.memory.delete(Objects.requireNonNull(before.head().older()));
    assertThatThrownBy(() -> new HeadStore(scene.repository).all(before.head()))
        .isInstanceOf(ObjectNotFound.class);
  }

  @Test
  void rowsOfAnySizeAreRememberedInSegmentsOfEightMebibytes() throws Exception {
    HeadState state = add("a", 1);
    CatalogueRow row = CatalogueRow.of(state);
    List<BackupRow> large = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      large.add(
          new BackupRow("x", "s/x/x", Instant.EPOCH, 1, 1, null, List.of("t".repeat(1500)), 0));
    }
    List<CatalogueRow> rows = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      rows.add(row.withOlderBackups(List.copyOf(large)));
    }
    large.addAll(List.copyOf(large));
    rows.add(row.withOlderBackups(large));
    new CatalogueWriter(scene.repository).remember(rows);
    List<String> segments = scene.memory.keys("c/");
    assertThat(segments).hasSize(4);
    for (String key : segments) {
      assertThat(scene.memory.find(key).orElseThrow().sizeBytes()).isLessThanOrEqualTo(8 << 20);
    }
  }

  @Test
  void segmentsAreMerged() throws Exception {
    for (int i = 0; i < 60; i++) {
      Scene.backUp(scene.repository, "volume-" + i % 12);
    }
    assertThat(scene.memory.keys("c/")).hasSizeLessThan(8);
    scene.memory.resetRequests();
    List<VolumeBackups> all = new Catalogue(scene.repository).list();
    assertThat(scene.memory.requests()).isLessThan(12);
    assertThat(all).hasSize(12).allSatisfy(v -> assertThat(v.backups()).hasSize(5));
  }

  @Test
  void backupsAreFoundByWhatPeopleCallThem() throws Exception {
    BackupRow a = Scene.backUp(scene.repository, "a");
    BackupRow b = Scene.backUp(scene.repository, "b");
    BackupFinder finder = new BackupFinder(scene.repository);
    assertThat(finder.find("latest").row()).isEqualTo(b);
    assertThat(finder.find("a@latest").row()).isEqualTo(a);
    assertThat(finder.find(a.id().substring(0, 16)).volume()).isEqualTo("a");
    assertThatThrownBy(() -> finder.find("zz"))
        .isInstanceOf(BackupNotFound.class)
        .hasMessageContaining(b.id().substring(0, 12));
    assertThatThrownBy(() -> finder.find("c@latest")).isInstanceOf(BackupNotFound.class);
  }

  @Test
  @Tag("slow")
  void tenThousandBackupsAreListedInTwentyRequests() throws Exception {
    CatalogueWriter writer = new CatalogueWriter(scene.repository);
    List<HeadState> states = new ArrayList<>();
    for (int v = 0; v < 50; v++) {
      states.add(add("volume-" + v, 200));
    }
    states.forEach(writer::record);
    scene.memory.resetRequests();
    int count = 0;
    for (VolumeBackups volume : new Catalogue(scene.repository).list()) {
      count += volume.backups().size();
    }
    assertThat(count).isEqualTo(10_000);
    assertThat(scene.memory.requests()).isLessThan(20);
  }
}
