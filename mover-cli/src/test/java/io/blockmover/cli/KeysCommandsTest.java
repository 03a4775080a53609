package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysCommandsTest {

  @TempDir private Path directory;
  private final MoverRun mover = new MoverRun();

  @BeforeEach
  void makeARepository() throws Exception {
    mover.variable("MOVER_REPO", directory.resolve("repo").toString());
    mover.variable("MOVER_PASSWORD", "first");
    done("init");
    Files.write(directory.resolve("image"), new byte[] {1, 2, 3});
  }

  private String done(String... arguments) {
    MoverRun.Outcome outcome = mover.run(arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return outcome.out();
  }

  private String refused(int exitCode, String... arguments) {
    MoverRun.Outcome outcome = mover.run(arguments);
    assertThat(outcome.exitCode()).as(outcome.out()).isEqualTo(exitCode);
    return outcome.err();
  }

  /** The id of the new slot. */
  private String add(String password, String... more) throws Exception {
    Path file = Files.writeString(directory.resolve("new-password"), password);
    file.toFile().setReadable(false, false);
    file.toFile().setReadable(true, true);
    String[] arguments = new String[4 + more.length];
    System.arraycopy(more, 0, arguments, 4, more.length);
    arguments[0] = "keys";
    arguments[1] = "add";
    arguments[2] = "--new-password-file";
    arguments[3] = file.toString();
    return done(arguments).strip().replace("added key slot ", "");
  }

  private List<Path> slots() {
    try (var files = Files.list(directory.resolve("repo/keys"))) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aFurtherPasswordOpensBackupsThatWereThereBefore() throws Exception {
    String image = directory.resolve("image").toString();
    done("backup", image);
    String slot = add("second", "--label", "the other site");
    mover.variable("MOVER_PASSWORD", "second");
    Path copy = directory.resolve("copy");
    done("restore", "latest", copy.toString());
    assertThat(copy).hasBinaryContent(new byte[] {1, 2, 3});
    assertThat(done("keys", "list"))
        .containsPattern("[*] +" + slot.substring(0, 8) + ".*back up and read +the other site")
        .containsPattern("(?m)^ +[0-9a-f]{8}.*init");
    assertThat(done("keys", "list", "--json")).contains("\"inUse\":true", slot);
  }

  @Test
  void aWriteOnlyPasswordBacksUpAndReadsNoData() throws Exception {
    add("cluster", "--write-only");
    mover.variable("MOVER_PASSWORD", "cluster");
    String image = directory.resolve("image").toString();
    done("backup", image);
    Files.write(directory.resolve("image"), new byte[] {1, 2, 4});
    assertThat(done("backup", image)).contains("compared with");
    assertThat(done("keys", "list")).containsPattern("[*].* back up *(\n|$)");
    assertThat(refused(1, "restore", "latest", directory.resolve("copy").toString()))
        .contains("makes backups and may not read their data");
    assertThat(directory.resolve("copy")).doesNotExist();
    assertThat(refused(1, "keys", "add", "--new-password-file", image)).contains("cannot read");
    mover.variable("MOVER_PASSWORD", "first");
    done("restore", "latest", directory.resolve("copy").toString());
    assertThat(directory.resolve("copy")).hasBinaryContent(new byte[] {1, 2, 4});
  }

  @Test
  void aRemovedPasswordOpensNothing() throws Exception {
    String slot = add("second");
    assertThat(done("keys", "remove", slot.substring(0, 10))).contains(slot);
    done("list");
    mover.variable("MOVER_PASSWORD", "second");
    refused(12, "list");
  }

  @Test
  void thePasswordInUseIsNeverRemovedAndSoTheLastOneIsNot() throws Exception {
    String first = slots().getFirst().getFileName().toString();
    assertThat(refused(1, "keys", "remove", first)).contains("the password in use opens");
    String second = add("second");
    assertThat(refused(1, "keys", "remove", "")).contains("is the beginning of 2 key slots");
    assertThat(refused(1, "keys", "remove", "xyz")).contains("there is no key slot 'xyz'");
    mover.variable("MOVER_PASSWORD", "second");
    done("keys", "remove", first);
    assertThat(slots()).extracting(path -> path.getFileName().toString()).containsExactly(second);
  }

  @Test
  void aWriteOnlyPasswordRemovesNone() throws Exception {
    String first = slots().getFirst().getFileName().toString();
    add("cluster", "--write-only");
    mover.variable("MOVER_PASSWORD", "cluster");
    assertThat(refused(1, "keys", "remove", first)).contains("may be the last that can");
    assertThat(slots()).hasSize(2);
  }

  @Test
  void aPasswordIsReplacedByAnother() throws Exception {
    Path file = Files.writeString(directory.resolve("new"), "changed\n");
    done("keys", "passwd", "--new-password-file", file.toString());
    refused(12, "list");
    mover.variable("MOVER_PASSWORD", "changed");
    assertThat(done("keys", "list")).containsPattern("[*].*back up and read +init");
    assertThat(slots()).hasSize(1);
  }

  @Test
  void aRepositoryWithoutEncryptionTakesNoPassword() {
    mover.variable("MOVER_REPO", directory.resolve("open").toString());
    mover.variable("MOVER_PASSWORD", "");
    MoverRun plain = new MoverRun().variable("MOVER_REPO", directory.resolve("open").toString());
    assertThat(plain.run("init", "--no-encryption").exitCode()).isZero();
    MoverRun.Outcome add =
        plain.run("keys", "add", "--new-password-file", directory.resolve("image").toString());
    assertThat(add.exitCode()).isEqualTo(1);
    assertThat(add.err()).contains("not encrypted");
    assertThat(plain.run("keys", "list").out()).contains("open to everybody");
  }
}
