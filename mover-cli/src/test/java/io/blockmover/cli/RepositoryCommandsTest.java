package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoryCommandsTest {

  @TempDir private Path directory;
  private final MoverRun mover = new MoverRun();

  @BeforeEach
  void nameTheRepository() {
    mover.variable("MOVER_REPO", directory.resolve("repo").toString());
    mover.variable("MOVER_PASSWORD", "secret");
  }

  @Test
  void aNewRepositoryIsEmpty() {
    MoverRun.Outcome init = mover.run("init");
    assertThat(init.exitCode()).isZero();
    assertThat(init.out()).startsWith("made repository ");
    MoverRun.Outcome list = mover.run("list", "--json");
    assertThat(list.exitCode()).isZero();
    assertThat(list.out()).contains("\"type\":\"list\"", "\"backups\":[]");
  }

  @Test
  void aSecondInitChangesNothing() throws Exception {
    mover.run("init");
    byte[] format = Files.readAllBytes(directory.resolve("repo/format"));
    MoverRun.Outcome again = mover.run("init");
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err()).contains("there is a repository at");
    assertThat(directory.resolve("repo/format")).hasBinaryContent(format);
  }

  @Test
  void settingsOfTheEnvironmentForS3DoNotDisturbADirectory() {
    mover.variable("MOVER_S3_ENDPOINT", "http://s3.example:9000");
    assertThat(mover.run("init").exitCode()).isZero();
    assertThat(mover.run("list", "--s3-region", "eu-west-1").exitCode()).isEqualTo(2);
  }

  @Test
  void aWrongPasswordHasItsExitCode() {
    mover.run("init");
    MoverRun.Outcome list = mover.variable("MOVER_PASSWORD", "other").run("list");
    assertThat(list.exitCode()).isEqualTo(12);
    assertThat(list.err()).contains("what to do:");
  }

  @Test
  void noRepositoryHasItsExitCode() {
    MoverRun.Outcome list = mover.run("list");
    assertThat(list.exitCode()).isEqualTo(10);
    assertThat(list.err()).contains("mover init");
  }

  @Test
  void aPasswordIsAskedForWhereThereIsATerminal() {
    mover.run("init");
    mover.without("MOVER_PASSWORD");
    assertThat(mover.run("list").exitCode()).isEqualTo(2);
    assertThat(mover.typing("wrong").run("list").exitCode()).isEqualTo(12);
    assertThat(mover.typing("secret").run("list").exitCode()).isZero();
  }

  @Test
  void withoutEncryptionNobodyIsAskedForAPassword() {
    mover.without("MOVER_PASSWORD");
    MoverRun.Outcome init = mover.run("init", "--no-encryption", "--json");
    assertThat(init.exitCode()).isZero();
    assertThat(init.err()).contains("warning: without encryption");
    assertThat(init.out()).contains("\"encrypted\":false", "\"warnings\":[");
    assertThat(mover.run("list").exitCode()).isZero();
  }

  @Test
  void aConfiguredPasswordRefusesARepositoryWithoutEncryption() {
    mover.without("MOVER_PASSWORD").run("init", "--no-encryption");
    MoverRun.Outcome list = mover.variable("MOVER_PASSWORD", "secret").run("list");
    assertThat(list.exitCode()).isEqualTo(12);
    assertThat(list.err()).contains("says that it is not encrypted, but a password is set");
  }

  @Test
  void withoutRepoTheWaysToNameItAreSaid() {
    MoverRun.Outcome list = mover.without("MOVER_REPO").run("list");
    assertThat(list.exitCode()).isEqualTo(2);
    assertThat(list.err()).contains("--repo", "MOVER_REPO");
  }

  @Test
  void aBackupThatIsNotThereIsAFailure() {
    mover.run("init");
    assertThat(mover.run("show", "latest").exitCode()).isEqualTo(1);
    assertThat(mover.run("show", "abc").exitCode()).isEqualTo(1);
    assertThat(mover.run("forget", "abc").exitCode()).isEqualTo(1);
    assertThat(mover.run("diff", "abc", "latest").err()).contains("the repository holds no backup");
  }

  @Test
  void aRateWithoutUnitIsRefused() {
    MoverRun.Outcome list = mover.run("list", "--limit-upload", "20");
    assertThat(list.exitCode()).isEqualTo(2);
    assertThat(list.err()).contains("20K, 20M");
  }

  @Test
  void chunkSizesThatCannotBeAreRefused() {
    assertThat(mover.run("init", "--chunk-size", "100K").exitCode()).isEqualTo(2);
    assertThat(mover.run("init", "--chunk-size", "32K").exitCode()).isEqualTo(2);
    assertThat(mover.run("init", "--chunk-size", "1M").exitCode()).isZero();
  }

  @Test
  void theDoctorLeavesTheStoreAsItWas() throws Exception {
    MoverRun.Outcome doctor = mover.run("doctor", "--json");
    assertThat(doctor.exitCode()).isZero();
    assertThat(doctor.out()).contains("\"store\":\"shared\"", "\"check\":\"latency\"");
    try (var files = Files.walk(directory.resolve("repo"), 1)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .as("locks and temporary files have their place, and nothing else is there")
          .containsExactlyInAnyOrder("repo", "locks~", "tmp~");
    }
  }

  @Test
  void theDoctorNeedsNoRepository() {
    MoverRun.Outcome doctor = mover.without("MOVER_REPO").run("doctor");
    assertThat(doctor.exitCode()).isZero();
    assertThat(doctor.out()).contains("processors", "memory");
  }
}
