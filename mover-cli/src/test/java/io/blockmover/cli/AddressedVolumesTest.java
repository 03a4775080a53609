package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.source.TargetTerms;
import io.blockmover.testkit.TestSeed;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes that are named by an address; the provider is one of this test. */
class AddressedVolumesTest {

  private static final int SIZE = 3 << 20;

  @TempDir private Path directory;
  private MoverRun mover = new MoverRun();
  private final byte[] content = new byte[SIZE];

  @BeforeEach
  void aRepositoryAndAVolume() {
    TestSeed.random("AddressedVolumesTest").nextBytes(content);
    ShelfVolumeProvider.SOURCES.put("a", content);
    ShelfVolumeProvider.TARGETS.clear();
    mover =
        mover
            .variable("MOVER_REPO", directory.resolve("repo").toString())
            .variable("MOVER_PASSWORD", "secret");
    assertThat(mover.run("init").exitCode()).isZero();
  }

  @Test
  void aVolumeIsBackedUpByItsAddressAndRestoredToOne() {
    MoverRun.Outcome backup = mover.run("backup", "shelf:a");
    assertThat(backup.exitCode()).as(backup.err()).isZero();
    assertThat(backup.err()).contains("the shelf is live");
    MoverRun.Outcome restore = mover.run("restore", "shelf:a@latest", "shelf:b");
    assertThat(restore.exitCode()).as(restore.err()).isZero();
    assertThat(ShelfVolumeProvider.TARGETS.get("b").content()).isEqualTo(content);
    assertThat(ShelfVolumeProvider.TERMS.get("b"))
        .isEqualTo(new TargetTerms(SIZE, false, false, false));
  }

  @Test
  void aDryRunOpensTheTargetOnlyToLook() {
    assertThat(mover.run("backup", "shelf:a").exitCode()).isZero();
    assertThat(mover.run("restore", "latest", "shelf:c", "--dry-run", "--create").exitCode())
        .isZero();
    assertThat(ShelfVolumeProvider.TERMS.get("c"))
        .isEqualTo(new TargetTerms(SIZE, true, false, true));
  }

  @Test
  void anAddressThatMakesNoSenseIsWrongUsage() {
    MoverRun.Outcome outcome = mover.run("backup", "shelf:");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("shelf: names nothing on the shelf");
  }

  @Test
  void aVolumeThatIsNotThereIsAFailureWithAdvice() {
    MoverRun.Outcome outcome = mover.run("backup", "shelf:gone");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(outcome.err()).contains("shelf:gone is not on the shelf", "put it there");
  }

  @Test
  void anAddressCannotHaveBeenRestoredFromAVolumeSnapshot() {
    assertThat(mover.run("backup", "shelf:a", "--snapshot", "app/data").exitCode())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aFileWhoseNameLooksLikeAnAddressIsFoundByItsPath() throws Exception {
    Path file = Files.write(directory.resolve("shelf:file"), content);
    assertThat(mover.run("backup", file.toString()).exitCode()).isZero();
    assertThat(AddressedVolumes.provider("other:thing")).isEmpty();
  }

  @Test
  void whatIsSaidOfANewImageNeedsCreate() throws Exception {
    MoverRun.Outcome outcome = mover.run("restore", "latest", "shelf:b", "--object-size", "4M");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("--create");
    Path file = directory.resolve("file");
    assertThat(mover.run("restore", "latest", file.toString(), "--create").exitCode())
        .isEqualTo(ExitCode.USAGE);
  }
}
