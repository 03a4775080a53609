package io.blockmover.engine.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.CorruptData;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.engine.MemoryProfile;
import io.blockmover.engine.backup.Backup;
import io.blockmover.engine.backup.BackupReport;
import io.blockmover.engine.backup.BackupRequest;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.engine.restore.Restore;
import io.blockmover.engine.restore.RestoreRequest;
import io.blockmover.repository.Randomness;
import io.blockmover.repository.Repository;
import io.blockmover.repository.RepositoryInit;
import io.blockmover.repository.catalogue.BackupFinder;
import io.blockmover.repository.catalogue.FoundBackup;
import io.blockmover.repository.commit.Forget;
import io.blockmover.repository.key.PasswordCost;
import io.blockmover.repository.manifest.BadBlock;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.ManifestStore;
import io.blockmover.testkit.FaultyBlockSource;
import io.blockmover.testkit.MemoryBlockSource;
import io.blockmover.testkit.MemoryBlockTarget;
import io.blockmover.testkit.MemoryObjectStore;
import io.blockmover.testkit.TestSeed;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BackupCopyTest {

  private static final int KIB = 1024;
  private static final MemoryProfile TINY = new MemoryProfile(4 << 20, 3, 4, 1024, 1 << 20);
  private static final PasswordCost CHEAP = new PasswordCost(64, 1, 1);

  private final Random random = TestSeed.random("copy");
  private final MemoryObjectStore firstStore = new MemoryObjectStore();
  private Repository first;
  private Repository second;
  private byte[] volume;

  @BeforeEach
  void makeRepositories() throws MoverException {
    first = repository(firstStore, "one", 512 * KIB);
    second = repository(new MemoryObjectStore(), "two", 256 * KIB);
    volume = new byte[5000 * KIB + 700];
    random.nextBytes(volume);
    Arrays.fill(volume, 600 * KIB, 2000 * KIB, (byte) 0);
  }

  private static Repository repository(ObjectStore store, String password, int chunkBytes)
      throws MoverException {
    new RepositoryInit(store, Clock.systemUTC(), new SecureRandom())
        .create(new RepositoryInit.Options(password, CHEAP, chunkBytes));
    return Repository.open(store, password, Clock.systemUTC(), Randomness.secure());
  }

  private FoundBackup backUp(BlockSource source) throws MoverException {
    BackupRequest request =
        new BackupRequest(
            source,
            "test",
            "db",
            new SnapshotReference("test", "", "db", source.sizeBytes(), Map.of()),
            List.of(),
            List.of("nightly"),
            1,
            true,
            "here",
            TINY);
    BackupReport report = new Backup(first, request, new Progress(), new Cancellation()).run();
    return new BackupFinder(first).find(report.backup());
  }

  private FoundBackup backUpVolume() throws MoverException {
    return backUp(new MemoryBlockSource(volume.clone()));
  }

  private BackupReport copy(FoundBackup backup) throws MoverException {
    return new BackupCopy(
            first,
            second,
            new CopyRequest(backup, List.of(), 1, "there", TINY),
            new Progress(),
            new Cancellation())
        .run();
  }

  private void write(int offset, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    System.arraycopy(bytes, 0, volume, offset, length);
  }

  private byte[] restored(String backup) throws MoverException {
    MemoryBlockTarget target = new MemoryBlockTarget(volume.length);
    new Restore(
            second,
            new RestoreRequest(backup, target, false, false, false, false, TINY),
            new Progress(),
            new Cancellation())
        .run();
    return target.content();
  }

  private Manifest manifest(String backup) throws MoverException {
    return new ManifestStore(second.documents()).load(new BackupFinder(second).find(backup).row());
  }

  @Test
  void aCopyHoldsTheVolumeUnderItsNameItsTagsAndItsTime() throws Exception {
    FoundBackup original = backUpVolume();
    BackupReport copied = copy(original);
    assertThat(restored(copied.backup())).isEqualTo(volume);
    FoundBackup copy = new BackupFinder(second).find("db@latest");
    assertThat(copy.row().tags()).containsExactly("nightly", "copied-from=" + original.row().id());
    assertThat(copy.row().created()).isEqualTo(original.row().created());
    assertThat(copied.readBytes()).as("zeros are not read").isLessThan(volume.length - 1000 * KIB);
  }

  @Test
  void theNextCopyReadsOnlyWhatChangedInBetween() throws Exception {
    copy(backUpVolume());
    write(100 * KIB, 4 * KIB);
    write(3000 * KIB, 64 * KIB);
    Arrays.fill(volume, 4000 * KIB, 4100 * KIB, (byte) 0);
    BackupReport copied = copy(backUpVolume());
    assertThat(restored(copied.backup())).isEqualTo(volume);
    assertThat(copied.tracker()).isEqualTo("copy");
    assertThat(copied.steps()).isEmpty();
    assertThat(copied.readBytes()).isLessThan(600 * KIB);
  }

  @Test
  void backupsInBetweenNeedNotBeCopied() throws Exception {
    copy(backUpVolume());
    for (int i = 0; i < 5; i++) {
      write(random.nextInt(volume.length - 50_000), 1 + random.nextInt(50_000));
      backUpVolume();
    }
    write(0, 10);
    assertThat(restored(copy(backUpVolume()).backup())).isEqualTo(volume);
  }

  @Test
  void whereTheLastCopiedBackupIsForgottenTheCopyComparesAndSaysSo() throws Exception {
    FoundBackup old = backUpVolume();
    copy(old);
    write(100 * KIB, 4 * KIB);
    FoundBackup next = backUpVolume();
    new Forget(first).forget(old.volume(), Set.of(old.row().id()));
    BackupReport copied = copy(next);
    assertThat(restored(copied.backup())).isEqualTo(volume);
    assertThat(copied.steps().toString()).contains("was forgotten");
    assertThat(copied.newChunkBytes()).isLessThan(200 * KIB);
  }

  @Test
  void whatCouldNotBeReadIsListedByTheCopyToo() throws Exception {
    BlockSource source =
        new FaultyBlockSource(new MemoryBlockSource(volume.clone()))
            .badAt(new Extent(3000 * KIB, 4 * KIB));
    BackupReport copied = copy(backUp(source));
    assertThat(manifest(copied.backup()).badBlocks())
        .containsExactly(new BadBlock(3000L * KIB, 4 * KIB));
    BackupReport mended = copy(backUpVolume());
    assertThat(manifest(mended.backup()).badBlocks()).isEmpty();
    assertThat(restored(mended.backup())).isEqualTo(volume);
  }

  @Test
  void aDamagedOriginalMakesNoCopy() throws Exception {
    FoundBackup original = backUpVolume();
    String pack = firstStore.keys("d/").getFirst();
    firstStore.delete(pack);
    assertThatThrownBy(() -> copy(original))
        .isInstanceOf(CorruptData.class)
        .hasMessageContaining(pack);
    assertThatThrownBy(() -> new BackupFinder(second).find("db@latest")).hasMessageContaining("db");
  }

  @Test
  void nothingStaysPinnedAfterwards() throws Exception {
    copy(backUpVolume());
    write(100, 10);
    copy(backUpVolume());
    assertThat(firstStore.keys("w/")).isEmpty();
  }

  @Test
  void historiesOfChangesArriveWhole() throws Exception {
    for (int i = 0; i < 12; i++) {
      for (int j = random.nextInt(6); j >= 0; j--) {
        int offset = random.nextInt(volume.length);
        int length = Math.min(1 + random.nextInt(200_000), volume.length - offset);
        if (random.nextInt(4) == 0) {
          Arrays.fill(volume, offset, offset + length, (byte) 0);
        } else {
          write(offset, length);
        }
      }
      FoundBackup backup = backUpVolume();
      if (random.nextBoolean()) {
        assertThat(restored(copy(backup).backup())).isEqualTo(volume);
      }
    }
  }
}
