package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.kubernetes.PodLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bucket with Velero's backups and ours; hours pass by setting the times of marks back. */
class PodSweepTest {

  private static final int SIZE = 1 << 20;

  @TempDir private Path bucket;
  @TempDir private Path directory;
  private final Random random = new Random(11);
  private Map<String, Object> report = Map.of();

  @BeforeEach
  void makeTheBucket() throws Exception {
    Files.createDirectories(bucket.resolve("backups"));
  }

  private Path root() {
    return bucket.resolve("plugins/blockmover");
  }

  private MoverRun mover(Path repository) {
    return new MoverRun()
        .variable("MOVER_REPO", repository.toString())
        .variable("MOVER_PASSWORD", "planted-password-17");
  }

  /** Backs fresh data up for a Velero backup, and returns the id. */
  private String backup(Path repository, String volume, String... tags) throws IOException {
    byte[] content = new byte[SIZE];
    random.nextBytes(content);
    Path device = Files.write(directory.resolve("device"), content);
    MoverRun.Outcome outcome =
        mover(repository)
            .run(
                Stream.concat(
                        Stream.of("pod", "backup", "--device", device.toString()),
                        Stream.concat(
                            Stream.of("--volume", volume),
                            Stream.of(tags).flatMap(tag -> Stream.of("--tag", tag))))
                    .toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    Map<String, Object> last =
        PodLogs.document(outcome.out().lines().reduce((a, b) -> b).orElseThrow()).orElseThrow();
    return (String) ((Map<?, ?>) last.get("report")).get("backup");
  }

  private String backupFor(String name, String uid, String volume) throws IOException {
    return backup(root(), volume, "velero-backup=" + name, "velero-backup-uid=" + uid);
  }

  private void veleroKeeps(String name, String uid) throws IOException {
    veleroFile(name, "{\"metadata\": {\"name\": \"%s\", \"uid\": \"%s\"}}".formatted(name, uid));
  }

  private void veleroFile(String name, String text) throws IOException {
    Path backup = Files.createDirectories(bucket.resolve("backups").resolve(name));
    Files.writeString(backup.resolve("velero-backup.json"), text);
    Files.writeString(backup.resolve(name + "-logs.gz"), "logs");
  }

  private void veleroDeletes(String name) throws IOException {
    try (Stream<Path> files = Files.list(bucket.resolve("backups").resolve(name))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(bucket.resolve("backups").resolve(name));
  }

  private int sweep(String... more) {
    MoverRun.Outcome outcome =
        mover(root())
            .run(
                Stream.concat(
                        Stream.of("pod", "sweep", "--velero", bucket.toString()), Stream.of(more))
                    .toArray(String[]::new));
    assertThat(outcome.out() + outcome.err()).doesNotContain("planted");
    report =
        PodLogs.document(outcome.out().lines().reduce((a, b) -> b).orElseThrow()).orElseThrow();
    return outcome.exitCode();
  }

  private void swept(int forgotten, int waiting) {
    assertThat(sweep()).as(report.toString()).isZero();
    assertThat(report).containsEntry("forgotten", forgotten).containsEntry("waiting", waiting);
  }

  private void hoursPass(int hours) throws IOException {
    Path marks = root().resolve("sweep");
    if (Files.isDirectory(marks)) {
      try (Stream<Path> all = Files.list(marks)) {
        for (Path mark : all.toList()) {
          Instant time = Files.getLastModifiedTime(mark).toInstant();
          Files.setLastModifiedTime(mark, FileTime.from(time.minus(Duration.ofHours(hours))));
        }
      }
    }
  }

  private List<String> marks() throws IOException {
    Path marks = root().resolve("sweep");
    if (!Files.isDirectory(marks)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(marks)) {
      return all.map(mark -> mark.getFileName().toString()).toList();
    }
  }

  private String list() {
    return mover(root()).run("list", "--json").out();
  }

  @Test
  void whatVeleroHasDeletedIsForgottenADayAfterItWasFirstMissed() throws Exception {
    veleroKeeps("stays", "u1");
    veleroKeeps("goes", "u2");
    String stays = backupFor("stays", "u1", "app/data@1");
    String goes = backupFor("goes", "u2", "app/data@1");
    swept(0, 0);
    veleroDeletes("goes");
    swept(0, 1);
    assertThat(marks()).containsExactly(goes);
    hoursPass(23);
    swept(0, 1);
    hoursPass(2);
    swept(1, 0);
    assertThat(list()).contains(stays).doesNotContain(goes);
    assertThat(marks()).isEmpty();
    assertThat(mover(root()).run("verify", "--level", "data").exitCode()).isZero();
  }

  @Test
  void itsSpaceComesBack() throws Exception {
    veleroKeeps("stays", "u1");
    backupFor("stays", "u1", "app/data@1");
    backupFor("goes", "u2", "app/data@1");
    swept(0, 1);
    hoursPass(25);
    swept(1, 0);
    assertThat(((Number) report.get("freedBytes")).longValue()).isGreaterThanOrEqualTo(SIZE);
  }

  @Test
  void theLastBackupOfAVolumeGoesTooIfVeleroHasDeletedIt() throws Exception {
    veleroKeeps("stays", "u1");
    backupFor("stays", "u1", "app/data@1");
    String last = backupFor("goes", "u2", "app/other@2");
    swept(0, 1);
    hoursPass(25);
    swept(1, 0);
    assertThat(list()).doesNotContain(last);
  }

  @Test
  void backupsThatVeleroDidNotAskForAreNeverTouched() throws Exception {
    String byHand = backup(root(), "db", "nightly");
    String half = backup(root(), "db", "velero-backup=x");
    String both = backup(root(), "db", "velero-backup=x", "velero-backup=y", "velero-backup-uid=u");
    swept(0, 0);
    hoursPass(1000);
    swept(0, 0);
    assertThat(marks()).isEmpty();
    assertThat(list()).contains(byHand, half, both);
  }

  @Test
  void aNameThatIsUsedAgainIsAnotherBackup() throws Exception {
    veleroKeeps("daily", "new");
    String old = backupFor("daily", "old", "app/data@1");
    String current = backupFor("daily", "new", "app/data@1");
    swept(0, 1);
    hoursPass(25);
    swept(1, 0);
    assertThat(list()).contains("\"id\":\"" + current).doesNotContain("\"id\":\"" + old);
  }

  @Test
  void whatIsThereAndCannotBeReadCountsAsThere() throws Exception {
    veleroFile("broken", "{ half");
    veleroFile("strange", "{\"metadata\": {\"name\": \"other\", \"uid\": \"u9\"}}");
    Files.createDirectories(bucket.resolve("backups/half"));
    Files.writeString(bucket.resolve("backups/half/half-logs.gz"), "logs");
    for (String name : List.of("broken", "strange", "half")) {
      backupFor(name, "u1", "app/data@1");
    }
    swept(0, 0);
    hoursPass(1000);
    swept(0, 0);
  }

  @Test
  void aBucketWithoutAnyVeleroBackupMustBeSoForTwoDays() throws Exception {
    String only = backupFor("b", "u1", "app/data@1");
    swept(0, 1);
    hoursPass(47);
    swept(0, 1);
    assertThat(list()).contains(only);
    hoursPass(2);
    swept(1, 0);
  }

  @Test
  void whereNoneOfOursIsReferredToTheOthersInTheBucketDoNotHurryIt() throws Exception {
    veleroKeeps("of-another-mover", "u9");
    backupFor("b", "u1", "app/data@1");
    swept(0, 1);
    hoursPass(47);
    swept(0, 1);
  }

  @Test
  void whatComesBackBeginsItsTimeAnew() throws Exception {
    veleroKeeps("stays", "u1");
    backupFor("stays", "u1", "app/data@1");
    String moved = backupFor("moved", "u2", "app/data@1");
    swept(0, 1);
    hoursPass(23);
    veleroKeeps("moved", "u2");
    swept(0, 0);
    assertThat(marks()).isEmpty();
    veleroDeletes("moved");
    swept(0, 1);
    hoursPass(23);
    swept(0, 1);
    assertThat(list()).contains(moved);
  }

  @Test
  void clustersThatShareTheBucketKeepEachOthersBackups() throws Exception {
    veleroKeeps("one", "of-cluster-1");
    veleroKeeps("two", "of-cluster-2");
    backupFor("one", "of-cluster-1", "app/data@1");
    backupFor("two", "of-cluster-2", "app/data@2");
    String running = backupFor("not-yet-in-the-bucket", "of-cluster-2", "app/data@2");
    swept(0, 1);
    hoursPass(5);
    veleroKeeps("not-yet-in-the-bucket", "of-cluster-2");
    swept(0, 0);
    hoursPass(1000);
    swept(0, 0);
    assertThat(list()).contains(running);
  }

  @Test
  void aStoreWhoseClockGoesBackwardsOnlyDelays() throws Exception {
    veleroKeeps("stays", "u1");
    backupFor("stays", "u1", "app/data@1");
    backupFor("goes", "u2", "app/data@1");
    swept(0, 1);
    hoursPass(-1000);
    swept(0, 1);
  }

  @Test
  void evenWithoutGraceOneSweepAloneForgetsNothing() throws Exception {
    veleroKeeps("stays", "u1");
    backupFor("stays", "u1", "app/data@1");
    backupFor("goes", "u2", "app/data@1");
    assertThat(sweep("--grace", "0")).isZero();
    assertThat(report).containsEntry("forgotten", 0);
    assertThat(sweep("--grace", "0")).isZero();
    assertThat(report).containsEntry("forgotten", 1);
  }

  @Test
  void aDryRunLeavesEverythingAsItIs() throws Exception {
    veleroKeeps("stays", "u1");
    backupFor("stays", "u1", "app/data@1");
    String goes = backupFor("goes", "u2", "app/data@1");
    assertThat(sweep("-n")).isZero();
    assertThat(marks()).isEmpty();
    swept(0, 1);
    hoursPass(25);
    assertThat(sweep("-n")).isZero();
    assertThat(report).containsEntry("forgotten", 1).containsEntry("dryRun", true);
    assertThat(list()).contains(goes);
    assertThat(marks()).containsExactly(goes);
  }

  @Test
  void theRepositoriesOfAllDomainsAreSweptAndOneThatFailsHoldsUpNone() throws Exception {
    Path app = root().resolve("namespace.app");
    String[] tags = {"velero-backup=goes", "velero-backup-uid=u2"};
    backup(app, "app/data@1", tags);
    String ours = backup(root().resolve("volume.db.1-2"), "db/data@1", tags);
    Path broken = Files.createDirectories(root().resolve("namespace.broken"));
    Files.writeString(broken.resolve("format"), "nonsense");
    assertThat(sweep("--grace", "0")).isEqualTo(ExitCode.FAILED);
    assertThat(report).containsEntry("type", "error").containsEntry("waiting", 2);
    assertThat(sweep("--grace", "0")).isEqualTo(ExitCode.FAILED);
    assertThat(report).containsEntry("forgotten", 2);
    assertThat(report.get("repositories").toString()).contains("namespace.app", ours);
  }

  @Test
  void aLocationWithoutARepositoryIsSweptInNoTime() {
    assertThat(sweep()).isZero();
    assertThat(report).containsEntry("type", "sweep").containsEntry("forgotten", 0);
    assertThat(root().resolve("format")).doesNotExist();
  }

  @Test
  void aBackupThatWasForgottenByHandLeavesNoMark() throws Exception {
    veleroKeeps("stays", "u1");
    backupFor("stays", "u1", "app/data@1");
    String goes = backupFor("goes", "u2", "app/data@1");
    swept(0, 1);
    assertThat(mover(root()).run("forget", goes).exitCode()).isZero();
    swept(0, 0);
    assertThat(marks()).isEmpty();
  }
}
