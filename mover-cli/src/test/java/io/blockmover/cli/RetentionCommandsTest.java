package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code forget} by rules, and {@code gc}, on a repository in a directory. */
class RetentionCommandsTest {

  private static final int BYTES = 3 << 20;

  @TempDir private Path directory;
  private final MoverRun mover = new MoverRun();
  private Path image;

  @BeforeEach
  void createRepository() throws Exception {
    image = directory.resolve("image");
    mover.variable("MOVER_REPO", directory.resolve("repo").toString());
    mover.without("MOVER_PASSWORD");
    assertThat(mover.run("init", "--no-encryption", "-q").exitCode()).isZero();
  }

  private void backUp(int seed, String volume, String... tags) throws IOException {
    byte[] content = new byte[BYTES];
    new Random(seed).nextBytes(content);
    Files.write(image, content);
    MoverRun.Outcome outcome =
        mover.run(
            "backup", "-q", image.toString(), "--volume", volume, "--tag", String.join(",", tags));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
  }

  private long packBytes() throws IOException {
    long bytes = 0;
    try (var files = Files.walk(directory.resolve("repo/d"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  private String done(String... arguments) {
    MoverRun.Outcome outcome = mover.run(arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return outcome.out();
  }

  @Test
  void spaceComesBackAfterForget() throws Exception {
    for (int seed = 1; seed <= 3; seed++) {
      backUp(seed, "v", "nightly");
    }
    assertThat(packBytes()).isGreaterThan(3L * BYTES);
    done("gc"); // what the backups themselves wrote and merged
    assertThat(done("gc")).contains("freed 0 B");
    assertThat(done("forget", "--keep-last", "1")).contains("forgot 2, kept 1", "last");
    String dry = done("gc", "--dry-run");
    assertThat(dry).contains("would free", "forgotten backups");
    assertThat(packBytes()).isGreaterThan(3L * BYTES);
    assertThat(done("prune")).contains("freed").doesNotContain("freed 0 B");
    assertThat(packBytes()).isBetween((long) BYTES, BYTES + (1L << 20));
    done("verify", "--level", "data");
    Path copy = directory.resolve("copy");
    done("restore", "latest", copy.toString());
    assertThat(copy).hasSameBinaryContentAs(image);
  }

  @Test
  void rulesAreAppliedToEachVolumeAloneAndSayWhy() throws Exception {
    backUp(1, "a", "release");
    backUp(2, "a", "nightly");
    backUp(3, "a", "nightly");
    backUp(4, "b", "nightly");
    String table = done("forget", "-n", "--keep-last", "1", "--keep-tag", "release");
    assertThat(table.lines().filter(line -> line.startsWith("keep"))).hasSize(3);
    assertThat(table).contains("tag release", "would forget 1, kept 3");
    assertThat(done("list").lines()).hasSize(5);
    String json =
        done("forget", "--json", "--keep-last", "1", "--keep-tag", "release", "--volume", "a");
    assertThat(json)
        .contains("\"type\":\"forget\"", "\"reasons\":[\"last\"]", "\"reasons\":[\"tag release\"]");
    assertThat(done("list").lines()).hasSize(4);
  }

  @Test
  void theLastBackupOfAVolumeIsKeptUnlessAPersonInsists() throws Exception {
    backUp(1, "a", "x");
    backUp(2, "b", "x");
    backUp(3, "b", "x");
    MoverRun.Outcome refused = mover.run("forget", "b@latest", "a@latest");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("volume a", "--unsafe-allow-remove-all");
    assertThat(done("list").lines()).as("nothing was forgotten").hasSize(4);
    assertThat(mover.run("forget", "-n", "a@latest").exitCode()).isEqualTo(1);
    assertThat(mover.run("forget", "--keep-tag", "none").exitCode()).isEqualTo(1);
    assertThat(done("list").lines()).hasSize(4);
    done("forget", "a@latest", "--unsafe-allow-remove-all");
    assertThat(done("list").lines()).hasSize(3);
  }

  @Test
  void whatKeepsNothingWantsAVolumeOrATag() throws Exception {
    backUp(1, "a", "x");
    backUp(2, "b", "y");
    String all = "--unsafe-allow-remove-all";
    assertThat(mover.run("forget", "--keep-last", "0", all).exitCode()).isEqualTo(2);
    assertThat(done("list").lines()).hasSize(3);
    done("forget", "--keep-last", "0", all, "--volume", "a");
    assertThat(done("list").lines()).hasSize(2);
  }

  @Test
  void damageToOneVolumeKeepsNobodyFromForgettingBackupsOfAnother() throws Exception {
    backUp(1, "a", "x");
    Set<Path> heads = heads();
    backUp(2, "b", "x");
    backUp(3, "b", "x");
    String id = done("list", "--json", "--volume", "b", "--latest", "1");
    id = id.substring(id.indexOf("\"id\":\"") + 6, id.indexOf("\"id\":\"") + 38);
    Path head = heads.iterator().next();
    head.toFile().setWritable(true);
    Files.write(head, new byte[100]);
    assertThat(done("forget", id)).contains("forgot " + id);
  }

  private Set<Path> heads() throws IOException {
    try (var files = Files.walk(directory.resolve("repo/v"))) {
      return files.filter(Files::isRegularFile).collect(Collectors.toSet());
    }
  }

  @Test
  void rulesThatMakeNoSenseAreRefused() {
    assertThat(mover.run("forget").exitCode()).isEqualTo(2);
    assertThat(mover.run("forget", "abc", "--keep-last", "3").exitCode()).isEqualTo(2);
    assertThat(mover.run("forget", "--keep-last", "0").exitCode()).isEqualTo(2);
    assertThat(mover.run("forget", "--keep-last", "-1").exitCode()).isEqualTo(2);
    assertThat(mover.run("forget", "--keep-daily", "many").err()).contains("unlimited");
    assertThat(mover.run("forget", "abc", "--volume", "v").exitCode()).isEqualTo(2);
    assertThat(mover.run("forget", "--keep-tag", "a,").exitCode()).isEqualTo(2);
    assertThat(mover.run("forget", "--keep-tag", "a,a").exitCode()).isZero();
    assertThat(mover.run("gc", "--keep-interrupted", "yesterday").err()).contains("90s, 15m");
  }
}
