package io.blockmover.engine.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.BackupNotFound;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.engine.fetch.Damage;
import io.blockmover.engine.verify.VerifyReport;
import io.blockmover.engine.verify.VerifyReport.Finding;
import io.blockmover.engine.verify.VerifyRequest.Level;
import io.blockmover.repository.commit.Forget;
import io.blockmover.testkit.MemoryBlockTarget;
import io.blockmover.testkit.MemoryObjectStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RepositoryDamageTest {

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final MemoryObjectStore store = new MemoryObjectStore();
  private BackedUp backedUp;

  @BeforeEach
  void twoVolumes() throws Exception {
    System.out.println("seed " + seed);
    backedUp =
        new BackedUp(store, random).volume("one", 3 * BackedUp.MIB + 512).volume("two", 2 << 20);
  }

  @Test
  void allBackupsAreRestoredAndVerified() throws Exception {
    for (String backup : backedUp.backups()) {
      MemoryBlockTarget target = new MemoryBlockTarget(backedUp.image(backup).length);
      backedUp.restore(backup, target, false);
      assertThat(target.content()).isEqualTo(backedUp.image(backup));
    }
    for (Level level : List.of(Level.EXISTENCE, Level.TABLES, Level.DATA)) {
      assertThat(backedUp.verify(level).findings()).as("%s", level).isEmpty();
    }
    assertThat(keys("w/")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aVolumeWhoseHeadIsGoneIsDamagedAndNotForgotten(boolean remembered) throws Exception {
    String head = keys("v/").getFirst();
    store.delete(head);
    if (!remembered) {
      store.deleteAll(keys("c/"));
    }
    VerifyReport report = backedUp.verify(Level.EXISTENCE);
    assertThat(report.forgotten()).isEmpty();
    assertThat(report.findings()).extracting(Finding::object).containsExactly(head);
    assertThat(report.findings().getFirst().problem()).containsAnyOf("missing", "nothing");
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  @Tag("slow")
  void damageToAnyObjectNeverMakesAWrongByteAndIsNamed(Damage damage) throws Exception {
    for (String key : needed()) {
      byte[] before = store.load(key, Integer.MAX_VALUE).bytes();
      damage.apply(store, key, random);
      check(key + " " + damage, List.of(key));
      store.put(key, ByteBuffer.wrap(before));
    }
  }

  @Test
  @Tag("slow")
  void objectsExchangedNeverMakeAWrongByteAndAreNamed() throws Exception {
    for (String kind : List.of("d/", "m/", "s/", "v/")) {
      List<String> keys = needed().stream().filter(key -> key.startsWith(kind)).toList();
      String one = keys.getFirst();
      String other = keys.getLast();
      Damage.swap(store, one, other);
      check("swapped " + kind, List.of(one, other));
      Damage.swap(store, one, other);
    }
  }

  private void check(String what, List<String> damaged) throws Exception {
    List<String> named = verify(damaged);
    assertThat(named).as(what).isNotEmpty().isSubsetOf(damaged);
    int restored = 0;
    for (String backup : backedUp.backups()) {
      for (boolean keepGoing : new boolean[] {false, true}) {
        restored += restoresRightly(what, backup, keepGoing, damaged) ? 1 : 0;
      }
    }
    boolean opens =
        damaged.stream().noneMatch(key -> key.equals("format") || key.startsWith("keys/"));
    boolean oneVolume = damaged.size() == 1;
    if (opens && oneVolume) {
      assertThat(restored).as(what + ": the other volume").isGreaterThanOrEqualTo(2);
    }
  }

  /** What verification names, or what opening the repository fails of. */
  private List<String> verify(List<String> damaged) throws MoverException {
    try {
      var report = backedUp.verify(Level.DATA);
      assertThat(report.forgotten()).isEmpty();
      return report.findings().stream().map(Finding::object).distinct().toList();
    } catch (CorruptData e) {
      return List.of(e.key());
    } catch (MoverException e) {
      return toBlame(e, damaged);
    }
  }

  /** What a failure that names no key is about: what comes before any key is known has no name. */
  private static List<String> toBlame(MoverException e, List<String> damaged) {
    List<String> prefixes =
        switch (e.kind()) {
          case NO_REPOSITORY, UNSUPPORTED -> List.of("format");
          case WRONG_PASSWORD -> List.of("format", "keys/");
          case NOT_FOUND -> List.of("v/");
          default -> throw new AssertionError(e);
        };
    assertThat(damaged)
        .as(e.getMessage())
        .allMatch(key -> prefixes.stream().anyMatch(key::startsWith));
    return damaged;
  }

  private boolean restoresRightly(
      String what, String backup, boolean keepGoing, List<String> damaged) throws Exception {
    byte[] expected = backedUp.image(backup);
    byte[] marked = new byte[expected.length];
    random.nextBytes(marked);
    MemoryBlockTarget target = new MemoryBlockTarget(marked.clone(), false);
    RestoreReport report;
    try {
      report = backedUp.restore(backup, target, keepGoing);
    } catch (CorruptData e) {
      assertThat(damaged).as(what).contains(e.key());
      return false;
    } catch (MoverException e) {
      toBlame(e, damaged);
      return false;
    }
    for (LostExtent lost : report.lost()) {
      assertThat(damaged).as(what).contains(lost.object());
      System.arraycopy(
          marked,
          (int) lost.extent().offset(),
          expected,
          (int) lost.extent().offset(),
          (int) lost.extent().length());
    }
    assertThat(target.content()).as(what).isEqualTo(expected);
    assertThat(keepGoing || report.lost().isEmpty()).isTrue();
    return report.lost().isEmpty();
  }

  @Test
  void aBackupForgottenInTheMiddleOfARestoreIsAClearError() throws Exception {
    String backup = backedUp.backups().getFirst();
    MemoryBlockTarget target = new MemoryBlockTarget(backedUp.image(backup).length);
    ForgettingTarget forgetting =
        new ForgettingTarget(
            target,
            () -> {
              new Forget(backedUp.open())
                  .forget(backedUp.volumeOf(backup), Set.copyOf(backedUp.backups()));
              for (String key : keys("d/")) {
                store.delete(key);
              }
            });
    assertThatThrownBy(() -> backedUp.restore(backup, forgetting, false))
        .isInstanceOf(BackupNotFound.class)
        .hasMessageContaining(backup)
        .hasMessageContaining("forgotten");
  }

  private final List<String> allNeeded = new ArrayList<>();

  /** What restoring, listing and verifying need: neither caches nor what only saves work. */
  private List<String> needed() throws MoverException {
    if (allNeeded.isEmpty()) {
      for (String prefix : List.of("format", "keys/", "d/", "m/", "s/", "v/")) {
        allNeeded.addAll(keys(prefix));
      }
      Set<String> packs = backedUp.metadataPacks();
      allNeeded.removeIf(
          key -> key.startsWith("m/") && !packs.contains(key.substring(key.lastIndexOf('/') + 1)));
    }
    return allNeeded;
  }

  private List<String> keys(String prefix) throws MoverException {
    List<String> keys = new ArrayList<>();
    var listing = store.list(prefix, "");
    for (var next = listing.next(); next.isPresent(); next = listing.next()) {
      keys.add(next.get().key());
    }
    return keys;
  }
}
