package io.blockmover.engine.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.store.ObjectStore;
import io.blockmover.engine.MemoryProfile;
import io.blockmover.engine.backup.GoldenWriter;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.engine.restore.Restore;
import io.blockmover.engine.restore.RestoreRequest;
import io.blockmover.engine.verify.Verification;
import io.blockmover.engine.verify.VerifyReport;
import io.blockmover.engine.verify.VerifyRequest;
import io.blockmover.repository.Randomness;
import io.blockmover.repository.Repository;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.store.DirectoryStore;
import io.blockmover.testkit.MemoryBlockTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenRepositoryTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/format-1");

  @TempDir private Path temporary;

  private Repository openCopy() throws Exception {
    copy(GOLDEN, temporary);
    return Repository.open(
        new DirectoryStore(temporary),
        GoldenWriter.PASSWORD,
        Clock.systemUTC(),
        Randomness.secure());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  private static List<BackupRow> backups(Repository repository) throws Exception {
    return GoldenWriter.backups(repository);
  }

  @Test
  void everyBackupOfFormat1IsReadAsItWasWritten() throws Exception {
    Repository repository = openCopy();
    List<BackupRow> rows = backups(repository);
    assertThat(rows).hasSize(GoldenVolume.BACKUPS);
    for (int i = 0; i < rows.size(); i++) {
      byte[] expected = GoldenVolume.at(i);
      MemoryBlockTarget target = new MemoryBlockTarget(expected.length);
      RestoreRequest request =
          new RestoreRequest(
              rows.get(i).id(), target, false, true, false, false, MemoryProfile.small());
      new Restore(repository, request, new Progress(), new Cancellation()).run();
      assertThat(target.content()).as("backup %d", i).isEqualTo(expected);
    }
  }

  @Test
  void nothingInItIsFoundDamaged() throws Exception {
    Repository repository = openCopy();
    VerifyReport report =
        new Verification(
                repository,
                new VerifyRequest(
                    backups(repository).stream().map(BackupRow::id).toList(),
                    VerifyRequest.Level.DATA,
                    Optional.empty(),
                    MemoryProfile.small()),
                new Progress(),
                new Cancellation())
            .run();
    assertThat(report.findings()).isEmpty();
    assertThat(report.chunks()).isPositive();
  }

  /** How the golden repository was made; writes it anew when asked to, for a new format only. */
  @Test
  void theRepositoryOfTodayIsReadTheSameWay() throws Exception {
    String directory = System.getProperty("golden.write");
    Path place = directory == null ? temporary : Path.of(directory);
    try (ObjectStore store = new DirectoryStore(place)) {
      GoldenWriter.write(store, GoldenVolume.BACKUPS, GoldenVolume::at);
      assertThat(
              backups(
                  Repository.open(
                      store, GoldenWriter.PASSWORD, Clock.systemUTC(), Randomness.secure())))
          .extracting(BackupRow::volumeBytes)
          .containsExactly(1_500_000L, 1_500_000L, 1_000_000L, 1_700_003L);
    }
  }
}
