package io.blockmover.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.repository.key.PasswordCost;
import io.blockmover.repository.store.DirectoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the product writes can be read by who has only docs/repository-format.md. */
@Tag("slow")
final class SecondReaderTest {

  private static final String PASSWORD = "geheim";

  private final long seed = Long.getLong("second.reader.seed", System.nanoTime());
  @TempDir private Path work;
  private Path directory;

  @BeforeEach
  void findPython() throws Exception {
    SecondReader.assumePresent();
    System.out.println("SecondReaderTest: -Dsecond.reader.seed=" + seed);
    directory = work.resolve("repository");
  }

  private RandomBackups backups(@Nullable String password) throws Exception {
    Repository repository =
        new RepositoryInit(new DirectoryStore(directory), Clock.systemUTC(), new SecureRandom())
            .create(new RepositoryInit.Options(password, new PasswordCost(64, 1, 1), 64 * 1024));
    return new RandomBackups(repository, seed);
  }

  @Test
  void everyBackupOfAVolumeIsRestored() throws Exception {
    RandomBackups backups = backups(PASSWORD);
    int[] sizes = {3_000_000, 4_194_304, 2_000_512, 2_500_000};
    for (int size : sizes) {
      String id = backups.add(size);
      Path out = work.resolve(id);
      SecondReader.Outcome outcome =
          SecondReader.restore(directory, PASSWORD, id.substring(0, 12), out.toString());
      assertThat(outcome.exitCode()).as(outcome.out()).isZero();
      assertThat(Files.readAllBytes(out)).isEqualTo(backups.volume());
    }
    SecondReader.Outcome list = SecondReader.restore(directory, PASSWORD, "--list");
    assertThat(list.out().lines())
        .hasSize(sizes.length)
        .allMatch(l -> l.endsWith(RandomBackups.VOLUME));
    Path out = work.resolve("latest");
    SecondReader.restore(directory, PASSWORD, RandomBackups.VOLUME + "@latest", out.toString());
    assertThat(Files.readAllBytes(out)).isEqualTo(backups.volume());
  }

  @Test
  void aRepositoryWithoutEncryptionIsRestored() throws Exception {
    RandomBackups backups = backups(null);
    backups.add(1_000_000);
    Path out = work.resolve("out");
    SecondReader.Outcome outcome = SecondReader.restore(directory, "", "latest", out.toString());
    assertThat(outcome.exitCode()).as(outcome.out()).isZero();
    assertThat(Files.readAllBytes(out)).isEqualTo(backups.volume());
  }

  @Test
  void aWrongPasswordIsCalledOne() throws Exception {
    backups(PASSWORD).add(100_000);
    SecondReader.Outcome outcome = SecondReader.restore(directory, "x", "--list");
    assertThat(outcome.exitCode()).isNotZero();
    assertThat(outcome.out()).contains("wrong password");
  }

  @Test
  void oneFlippedBitInWhateverARestoreReadsIsFoundAndNamed() throws Exception {
    RandomBackups backups = backups(PASSWORD);
    backups.add(700_000);
    backups.add(700_000);
    Random random = new Random(seed);
    for (String kind : List.of("format", "d", "m", "s", "v")) {
      Path object = any(kind, random);
      byte[] whole = Files.readAllBytes(object);
      byte[] flipped = whole.clone();
      int at = random.nextInt(whole.length);
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(object, flipped);
      Path out = work.resolve("out-" + kind);
      SecondReader.Outcome outcome =
          SecondReader.restore(directory, PASSWORD, "latest", out.toString());
      Files.write(object, whole);
      String key = directory.relativize(object).toString();
      if (kind.equals("d") && outcome.exitCode() == 0) {
        // Nothing that the latest backup needs: what was restored is right all the same.
        assertThat(Files.readAllBytes(out)).isEqualTo(backups.volume());
        continue;
      }
      assertThat(outcome.exitCode()).as("bit of byte %d of %s", at, key).isNotZero();
      if (!kind.equals("format")) { // its repository id is also what keys are bound to
        assertThat(outcome.out()).contains(key);
      }
    }
  }

  /** An object of this kind; a manifest is that of the latest backup. */
  private Path any(String kind, Random random) throws IOException {
    Path top = directory.resolve(kind);
    if (Files.isRegularFile(top)) {
      return top;
    }
    try (Stream<Path> files = Files.walk(top)) {
      List<Path> all = files.filter(Files::isRegularFile).sorted().toList();
      List<Path> needed = kind.equals("s") ? List.of(newest(all)) : all;
      return needed.get(random.nextInt(needed.size()));
    }
  }

  private static Path newest(List<Path> files) throws IOException {
    Path newest = files.getFirst();
    for (Path file : files) {
      if (Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(newest)) > 0) {
        newest = file;
      }
    }
    return newest;
  }
}
