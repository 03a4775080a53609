package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups that go to a second repository. */
class CopyCommandTest {

  @TempDir private Path directory;
  private final MoverRun mover = new MoverRun();
  private Path image;

  @BeforeEach
  void makeTwoRepositories() throws IOException {
    byte[] content = new byte[3 << 20];
    new Random(7).nextBytes(content);
    image = Files.write(directory.resolve("disk.img"), content);
    at("first");
    run("init", "--no-encryption", "-q");
    at("second");
    run("init", "--no-encryption", "-q");
    at("first");
    mover.variable("MOVER_TO_REPO", directory.resolve("second").toString());
  }

  private void at(String repository) {
    mover.variable("MOVER_REPO", directory.resolve(repository).toString());
  }

  private MoverRun.Outcome run(String... arguments) {
    MoverRun.Outcome outcome = mover.run(arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return outcome;
  }

  private void backUp(String volume, long seed) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      byte[] bytes = new byte[8192];
      new Random(seed).nextBytes(bytes);
      file.seek(seed * 8192);
      file.write(bytes);
    }
    run("backup", "-q", "--volume", volume, "--tag", "n" + seed, image.toString());
  }

  @Test
  void allBackupsAreCopiedOnceAndRestoreOnTheOtherSide() throws Exception {
    backUp("db", 1);
    backUp("db", 2);
    backUp("web", 3);
    assertThat(run("copy").err()).contains("copied 3 backups, 0 were there already");
    assertThat(run("copy").err()).contains("copied 0 backups, 3 were there already");
    backUp("db", 4);
    MoverRun.Outcome third = run("copy", "--json");
    assertThat(third.out()).contains("\"type\":\"copy\"", "\"tracker\":\"copy\"");
    at("second");
    Path restored = directory.resolve("restored.img");
    run("restore", "db@latest", restored.toString());
    assertThat(restored).hasSameBinaryContentAs(image);
    assertThat(run("list", "--tag", "n2", "--json").out()).contains("copied-from=");
    assertThat(run("verify", "--level", "data").exitCode()).isZero();
  }

  @Test
  void copyingBackDoublesNothing() throws Exception {
    backUp("db", 1);
    run("copy");
    at("second");
    backUp("web", 2);
    mover.variable("MOVER_TO_REPO", directory.resolve("first").toString());
    assertThat(run("copy").err()).contains("copied 1 backup, 1 were there already");
  }

  @Test
  void whatIsCopiedCanBeChosen() throws Exception {
    backUp("db", 1);
    backUp("db", 2);
    backUp("web", 3);
    assertThat(run("copy", "--dry-run", "--latest", "1").out().lines()).hasSize(2);
    assertThat(run("copy", "--volume", "db", "--tag", "n1").err()).contains("copied 1 backup");
    assertThat(run("copy", "web@latest").err()).contains("copied 1 backup");
    assertThat(mover.run("copy", "web@latest", "--volume", "db").exitCode()).isEqualTo(2);
  }

  @Test
  void aRepositoryIsNotCopiedToItselfNorToNowhere() {
    assertThat(mover.run("copy", "--to", directory.resolve("first").toString()).err())
        .contains("the same repository");
    assertThat(mover.run("copy", "--to", directory.resolve("none").toString()).exitCode())
        .isEqualTo(10);
    mover.without("MOVER_TO_REPO");
    assertThat(mover.run("copy").exitCode()).isEqualTo(2);
  }

  @Test
  void eachRepositoryHasItsOwnPassword() throws Exception {
    at("locked");
    mover.variable("MOVER_PASSWORD", "one");
    run("init", "-q");
    backUp("db", 1);
    mover.variable("MOVER_TO_REPO", directory.resolve("other").toString());
    mover.variable("MOVER_TO_PASSWORD", "two");
    MoverRun init = new MoverRun();
    init.variable("MOVER_REPO", directory.resolve("other").toString());
    init.variable("MOVER_PASSWORD", "two");
    assertThat(init.run("init", "-q").exitCode()).isZero();
    run("copy");
    mover.variable("MOVER_TO_PASSWORD", "wrong");
    assertThat(mover.run("copy").exitCode()).isEqualTo(12);
    assertThat(init.run("verify", "--level", "data").exitCode()).isZero();
  }
}
