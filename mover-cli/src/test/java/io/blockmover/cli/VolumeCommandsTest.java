package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on volumes, from backup to forget, on a repository in a directory. */
class VolumeCommandsTest {

  private static final int SIZE = 3 << 20;
  private static final Pattern ID = Pattern.compile("\"(?:backup|id)\":\"([0-9a-f]{32})\"");

  @TempDir private Path directory;
  private final MoverRun mover = new MoverRun();
  private Path image;

  @BeforeEach
  void makeImageAndRepository() throws IOException {
    mover.variable("MOVER_REPO", directory.resolve("repo").toString());
    mover.without("MOVER_PASSWORD");
    byte[] content = new byte[SIZE];
    new Random(42).nextBytes(content);
    Arrays.fill(content, 1 << 20, 2 << 20, (byte) 0);
    image = Files.write(directory.resolve("disk.img"), content);
    assertThat(mover.run("init", "--no-encryption", "-q").exitCode()).isZero();
  }

  /** Backs the image up. */
  private String backup(String... more) {
    String[] arguments = new String[more.length + 3];
    arguments[0] = "backup";
    arguments[1] = "--json";
    System.arraycopy(more, 0, arguments, 2, more.length);
    arguments[more.length + 2] = image.toString();
    MoverRun.Outcome outcome = mover.run(arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return id(outcome);
  }

  private static String id(MoverRun.Outcome outcome) {
    Matcher matcher = ID.matcher(outcome.out());
    assertThat(matcher.find()).as(outcome.out()).isTrue();
    return matcher.group(1);
  }

  private void overwrite(long offset, int length) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      byte[] content = new byte[length];
      new Random(offset).nextBytes(content);
      file.seek(offset);
      file.write(content);
    }
  }

  @Test
  void aBackupIsListedShownAndRestored() {
    String id = backup("--volume", "db", "--tag", "nightly,first");
    assertThat(mover.run("list").out()).contains(id.substring(0, 8), "3.00 MiB", "db");
    assertThat(mover.run("snapshots", "--tag", "first", "--json").out()).contains(id);
    assertThat(mover.run("list", "--tag", "other", "--json").out()).contains("\"backups\":[]");
    assertThat(mover.run("show", id.substring(0, 6)).out())
        .contains(id, "db, 3.00 MiB", "nightly, first", "none: a full backup", "full-scan")
        .containsPattern("read +3.00 MiB [(]3145728[)]")
        .contains("1 layer, 1 table of fingerprints");
    Path copy = directory.resolve("copy.img");
    MoverRun.Outcome restore = mover.run("restore", "db@latest", copy.toString(), "--verify");
    assertThat(restore.exitCode()).as(restore.err()).isZero();
    assertThat(copy).hasSameBinaryContentAs(image);
  }

  @Test
  void aBackupSaysWhatItDid() {
    MoverRun.Outcome outcome = mover.run("backup", image.toString());
    assertThat(outcome.out())
        .contains("backup ", image.toString(), "full, in", "read ", "tracker    full-scan");
  }

  @Test
  void aSecondBackupStoresOnlyWhatChanged() throws Exception {
    String first = backup();
    overwrite(65536, 4096);
    MoverRun.Outcome outcome = mover.run("backup", "--json", image.toString());
    assertThat(outcome.out()).contains("\"parent\":\"" + first + "\"", "\"changedBytes\":65536");
  }

  @Test
  void twoBackupsAreCompared() throws Exception {
    String first = backup();
    overwrite(2 << 20, 65536);
    String second = backup();
    MoverRun.Outcome diff = mover.run("diff", first, second);
    assertThat(diff.exitCode()).isZero();
    assertThat(diff.out()).isEqualTo("2097152 65536\n");
    assertThat(diff.err()).contains("1 extent, 64.0 KiB differ");
    assertThat(mover.run("diff", first, second, "--json").out())
        .isEqualTo(
            "{\"type\":\"extent\",\"offset\":2097152,\"length\":65536}\n"
                + "{\"type\":\"diff\",\"from\":\""
                + first
                + "\",\"to\":\""
                + second
                + "\",\"extents\":1,\"bytes\":65536}\n");
    assertThat(mover.run("diff", first, first).out()).isEmpty();
  }

  @Test
  void standardOutputCarriesDataAndNothingElse() throws Exception {
    backup();
    MoverRun.Outcome dump = mover.run("dump", "latest");
    assertThat(dump.exitCode()).as(dump.err()).isZero();
    assertThat(dump.bytes()).isEqualTo(Files.readAllBytes(image));
    assertThat(dump.err()).contains("restored ");
    assertThat(mover.run("restore", "latest", "-", "--json").bytes())
        .isEqualTo(Files.readAllBytes(image));
  }

  @Test
  void anEmptyNameIsNoVolume() {
    assertThat(mover.run("backup", image.toString(), "--volume", "").exitCode()).isEqualTo(2);
  }

  @Test
  void standardInputNeedsAName() {
    MoverRun.Outcome outcome = mover.input(new byte[10]).run("backup", "-");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("--volume");
  }

  @Test
  void anEmptySourceIsNotBackedUpUnlessAPersonInsists() throws Exception {
    MoverRun.Outcome stdin = mover.input(new byte[0]).run("backup", "-", "--volume", "v");
    assertThat(stdin.exitCode()).isEqualTo(1);
    assertThat(stdin.err())
        .contains("standard input is empty; no backup was made", "--allow-empty");
    Path empty = Files.createFile(directory.resolve("empty.img"));
    assertThat(mover.run("backup", empty.toString()).exitCode()).isEqualTo(1);
    assertThat(mover.run("list", "--json").out()).contains("\"backups\":[]");
    assertThat(mover.run("backup", "-", "--volume", "v", "--allow-empty").exitCode()).isZero();
    MoverRun.Outcome dump = mover.run("dump", "v@latest");
    assertThat(dump.exitCode()).as(dump.err()).isZero();
    assertThat(dump.bytes()).isEmpty();
  }

  @Test
  void backupsThatAreComparedArePinnedAndGivenBack() throws Exception {
    String first = backup();
    String second = backup();
    assertThat(mover.run("diff", first, second).exitCode()).isZero();
    try (var left = Files.list(directory.resolve("repo/w"))) {
      assertThat(left).isEmpty();
    }
    Files.delete(directory.resolve("repo/w"));
    Files.createFile(directory.resolve("repo/w")); // no pin can be written
    assertThat(mover.run("diff", first, second).exitCode()).isEqualTo(1);
  }

  @Test
  void aTargetThatHoldsSomethingIsRefusedWithoutForce() throws Exception {
    backup();
    Path target = Files.write(directory.resolve("target.img"), new byte[] {1, 2, 3});
    MoverRun.Outcome refused = mover.run("restore", "latest", target.toString());
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("--force");
    assertThat(target).hasBinaryContent(new byte[] {1, 2, 3});
    MoverRun.Outcome forced = mover.run("restore", "latest", target.toString(), "--force");
    assertThat(forced.exitCode()).as(forced.err()).isZero();
    assertThat(target).hasSameBinaryContentAs(image);
  }

  @Test
  void aDifferentialRestoreWritesOnlyWhatDiffers() throws Exception {
    backup();
    Path target = Files.copy(image, directory.resolve("target.img"));
    try (RandomAccessFile file = new RandomAccessFile(target.toFile(), "rw")) {
      file.write(new byte[4096]);
    }
    MoverRun.Outcome outcome =
        mover.run("restore", "latest", target.toString(), "--differential", "--force", "--json");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(target).hasSameBinaryContentAs(image);
    Matcher written = Pattern.compile("\"writtenBytes\":(\\d+)").matcher(outcome.out());
    assertThat(written.find()).isTrue();
    assertThat(Long.parseLong(written.group(1))).isBetween(4096L, 512L << 10);
  }

  @Test
  void aDryRunWritesNothing() throws Exception {
    backup();
    Path target = Files.write(directory.resolve("target.img"), new byte[SIZE]);
    MoverRun.Outcome outcome = mover.run("restore", "latest", target.toString(), "--dry-run");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).startsWith("would restore ");
    assertThat(target).hasBinaryContent(new byte[SIZE]);
    MoverRun.Outcome missing =
        mover.run("restore", "latest", directory.resolve("none").toString(), "-n");
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(directory.resolve("none")).doesNotExist();
  }

  @Test
  void aDryRunDoesNotGrowAFileThatIsTooSmall() throws Exception {
    backup();
    for (int size : new int[] {0, 10_000}) {
      Path target = Files.write(directory.resolve("target.img"), new byte[size]);
      for (String mode : new String[] {"--force", "--differential"}) {
        MoverRun.Outcome outcome =
            mover.run("restore", "latest", target.toString(), "--dry-run", mode);
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(target).hasSize(size);
      }
    }
  }

  @Test
  void anAmbiguousBeginningIsRefused() {
    for (int i = 0; i < 17; i++) {
      backup();
    }
    boolean ambiguous = false;
    for (char digit : "0123456789abcdef".toCharArray()) {
      MoverRun.Outcome show = mover.run("show", String.valueOf(digit));
      ambiguous |= show.exitCode() == 1 && show.err().contains("give more digits");
    }
    assertThat(ambiguous).isTrue();
  }

  @Test
  void whatIsForgottenIsGoneAndTheRestIsWhole() throws Exception {
    String first = backup();
    overwrite(0, 100_000);
    String second = backup();
    assertThat(mover.run("forget", "--dry-run", first).out()).startsWith("would forget " + first);
    assertThat(mover.run("list", "--json").out()).contains(first);
    // One that is not there: nothing is forgotten.
    assertThat(mover.run("forget", first, "ffffffffffff").exitCode()).isEqualTo(1);
    assertThat(mover.run("list", "--json").out()).contains(first);
    assertThat(mover.run("forget", first).exitCode()).isZero();
    assertThat(mover.run("list", "--json").out()).doesNotContain("\"id\":\"" + first);
    assertThat(mover.run("verify", "--level", "data").exitCode()).isZero();
    Path copy = directory.resolve("copy.img");
    mover.run("restore", second, copy.toString());
    assertThat(copy).hasSameBinaryContentAs(image);
  }

  @Test
  void damageIsFoundAndNamed() throws Exception {
    backup();
    Path pack;
    try (var files = Files.walk(directory.resolve("repo/d"))) {
      pack = files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(pack);
    bytes[bytes.length / 2] ^= 1;
    pack.toFile().setWritable(true);
    Files.write(pack, bytes);
    assertThat(mover.run("check", "--level", "existence").exitCode()).isZero();
    MoverRun.Outcome verify = mover.run("check", "--read-data");
    assertThat(verify.exitCode()).isEqualTo(1);
    assertThat(verify.out()).contains("DAMAGED d/", "1 problem: 1 backup,");
    assertThat(mover.run("verify", "--level", "data", "--json").out()).contains("\"ok\":false");
    Path copy = directory.resolve("copy.img");
    MoverRun.Outcome refused = mover.run("restore", "latest", copy.toString());
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("is incomplete: do not use it", "--keep-going");
    MoverRun.Outcome rest =
        mover.run("restore", "latest", copy.toString(), "--keep-going", "--force");
    assertThat(rest.exitCode()).isEqualTo(3);
    assertThat(rest.out().lines().filter(line -> line.contains("LOST "))).hasSize(1);
  }

  @Test
  void aResultThatStandardOutputDidNotTakeIsNoSuccess() {
    backup();
    for (String json : new String[] {"", "--json"}) {
      MoverRun.Outcome list =
          json.isEmpty() ? mover.runOntoFullDisk("list") : mover.runOntoFullDisk("list", json);
      assertThat(list.exitCode()).isEqualTo(1);
      assertThat(list.err()).contains("the result is not whole");
    }
  }

  @Test
  void oneDamagedHeadIsAFindingAndNotTheEnd() throws Exception {
    backup();
    mover.run("backup", "--volume", "other", image.toString());
    Path head;
    try (var files = Files.walk(directory.resolve("repo/v"))) {
      head = files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    Files.write(head, new byte[100]);
    MoverRun.Outcome verify = mover.run("verify");
    assertThat(verify.exitCode()).isEqualTo(1);
    assertThat(verify.out()).contains("DAMAGED v/", "1 problem: 1 backup,");
    MoverRun.Outcome list = mover.run("list");
    assertThat(list.exitCode()).isEqualTo(3);
    assertThat(list.out().lines()).hasSize(2);
    assertThat(list.err()).contains("a volume is missing here: v/");
  }

  @Test
  void aBackupIsComparedWithTheVolume() throws Exception {
    backup();
    String[] verify = {"verify", "--level", "device", "--device", image.toString(), "latest"};
    assertThat(mover.run(verify).exitCode()).isZero();
    overwrite(4096, 10);
    MoverRun.Outcome outcome = mover.run(verify);
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out()).contains("DAMAGED " + image);
  }

  @Test
  void levelAndDeviceBelongTogether() {
    assertThat(mover.run("verify", "--level", "device", "latest").exitCode()).isEqualTo(2);
    assertThat(mover.run("verify", "--device", image.toString()).exitCode()).isEqualTo(2);
  }

  @Test
  void aSourceThatIsNotThereIsNamed() {
    MoverRun.Outcome outcome = mover.run("backup", directory.resolve("nothing").toString());
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("nothing").doesNotContain("\tat ");
  }
}
