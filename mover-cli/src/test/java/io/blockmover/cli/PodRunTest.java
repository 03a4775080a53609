package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.kubernetes.PodLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pods run, with a directory for a repository and a file for a device. */
class PodRunTest {

  private static final String PASSWORD = "planted-password-17";
  private static final int SIZE = 1 << 20;

  @TempDir private Path directory;
  private Path device;
  private Path message;

  @BeforeEach
  void makeADevice() throws Exception {
    byte[] content = new byte[SIZE];
    new Random(5).nextBytes(content);
    device = Files.write(directory.resolve("device"), content);
    message = directory.resolve("termination-log");
  }

  private MoverRun mover() {
    return new MoverRun()
        .variable("MOVER_REPO", repository().toString())
        .variable("MOVER_PASSWORD", PASSWORD)
        .variable("MOVER_TERMINATION_LOG", message.toString());
  }

  private Path repository() {
    return directory.resolve("repository");
  }

  private MoverRun.Outcome backup(MoverRun mover) {
    return mover.run("pod", "backup", "--device", device.toString(), "--volume", "app/data@1");
  }

  private Map<String, Object> message() throws IOException {
    return PodLogs.document(Files.readString(message)).orElseThrow();
  }

  @Test
  void theFirstBackupMakesTheRepositoryAndSaysWhatItDid() throws Exception {
    MoverRun.Outcome outcome = backup(mover());
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(message())
        .containsEntry("type", "backup")
        .containsEntry("volume", "app/data@1")
        .containsEntry("volumeBytes", SIZE)
        .containsEntry("readBytes", SIZE)
        .containsEntry("tracker", "full-scan")
        .containsKeys("backup", "changedBytes", "uploadedBytes", "steps", "warnings");
    assertThat(outcome.out().lines())
        .allSatisfy(line -> assertThat(PodLogs.document(line)).isPresent());
    assertThat(mover().run("list", "--json").out()).contains((String) message().get("backup"));
    assertThat(Files.readString(repository().resolve("format"))).contains("aes-256-gcm");
  }

  @Test
  void whatWasBackedUpIsRestoredOverWhateverTheDeviceHolds() throws Exception {
    assertThat(backup(mover()).exitCode()).isZero();
    String id = (String) message().get("backup");
    Path target = Files.write(directory.resolve("target"), new byte[] {1, 2, 3});
    MoverRun.Outcome outcome =
        mover().run("pod", "restore", id, "--device", target.toString(), "--verify");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(target).hasSameBinaryContentAs(device);
    assertThat(message())
        .containsEntry("type", "restore")
        .containsEntry("backup", id)
        .containsEntry("volumeBytes", SIZE)
        .containsKey("proved");
  }

  @Test
  void podsThatMakeTheRepositoryAtOnceShareIt() throws Exception {
    List<Callable<MoverRun.Outcome>> pods = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String volume = "app/data@" + i;
      pods.add(
          () -> mover().run("pod", "backup", "--device", device.toString(), "--volume", volume));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(pods.size())) {
      for (Future<MoverRun.Outcome> pod : threads.invokeAll(pods)) {
        assertThat(pod.get().exitCode()).as(pod.get().err()).isZero();
      }
    }
    assertThat(mover().run("list").out()).contains("app/data@0", "app/data@1", "app/data@2");
  }

  @Test
  void noRepositoryIsMadeWhereThereAreOnlyRemainsOfOne() throws Exception {
    assertThat(backup(mover()).exitCode()).isZero();
    Path format = repository().resolve("format");
    byte[] old = Files.readAllBytes(format);
    Files.delete(format);
    MoverRun.Outcome outcome = backup(mover());
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(format).doesNotExist();
    assertThat(message())
        .containsEntry("kind", "corrupt")
        .hasEntrySatisfying("message", text -> assertThat(text.toString()).contains("format"))
        .hasEntrySatisfying("advice", text -> assertThat(text.toString()).contains("back"));
    Files.write(format, old);
    assertThat(backup(mover()).exitCode()).isZero();
  }

  @Test
  void aRestoreMakesNoRepository() throws Exception {
    MoverRun.Outcome outcome =
        mover().run("pod", "restore", "0".repeat(32), "--device", device.toString());
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.NO_REPOSITORY);
    assertThat(message()).containsEntry("type", "error").containsEntry("kind", "no_repository");
    assertThat(repository().resolve("format")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"latest", "3f2a", "app/data@latest", ""})
  void onlyAWholeIdIsRestored(String wanted) throws Exception {
    assertThat(backup(mover()).exitCode()).isZero();
    MoverRun.Outcome outcome = mover().run("pod", "restore", wanted, "--device", device.toString());
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(message()).containsEntry("kind", "usage");
  }

  @Test
  void withoutAPasswordNothingIsDoneAndNobodyIsAsked() throws Exception {
    MoverRun.Outcome outcome = backup(mover().without("MOVER_PASSWORD").typing("typed"));
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(message())
        .hasEntrySatisfying("message", text -> assertThat(text.toString()).contains("no password"))
        .hasEntrySatisfying("advice", text -> assertThat(text.toString()).contains("Secret"));
    assertThat(repository()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"change-me", "static-passw0rd", "Password"})
  void thePasswordOfAnExampleIsRefused(String sample) throws Exception {
    assertThat(backup(mover().variable("MOVER_PASSWORD", sample)).exitCode())
        .isEqualTo(ExitCode.FAILED);
    assertThat(message().get("message").toString()).contains("of an example");
    assertThat(repository()).doesNotExist();
  }

  @Test
  void aRepositoryThatNeedsNoPasswordIsNotTrusted() throws Exception {
    assertThat(mover().without("MOVER_PASSWORD").run("init", "--no-encryption", "-q").exitCode())
        .isZero();
    assertThat(backup(mover()).exitCode()).isEqualTo(ExitCode.WRONG_PASSWORD);
  }

  @Test
  void aWrongPasswordIsSaidWithItsExitCodeAndShownNowhere() throws Exception {
    assertThat(backup(mover()).exitCode()).isZero();
    MoverRun.Outcome outcome = backup(mover().variable("MOVER_PASSWORD", "planted-other-18"));
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.WRONG_PASSWORD);
    assertThat(message()).containsEntry("kind", "wrong_password");
    assertThat(outcome.out() + outcome.err() + message()).doesNotContain("planted");
  }

  @Test
  void noSecretIsPrintedOrStoredWhateverHappens() throws Exception {
    MoverRun mover =
        mover()
            .variable("AWS_SECRET_ACCESS_KEY", "planted-key-19")
            .variable("AWS_ACCESS_KEY_ID", "planted-id-20")
            .variable("AWS_SESSION_TOKEN", "planted-token-21");
    StringBuilder all = new StringBuilder();
    for (String verbose : List.of("-v", "-vv")) {
      for (String place : List.of(repository().toString(), "s3://no-such-host.invalid/p", "x:y")) {
        mover.variable("MOVER_REPO", place).variable("MOVER_S3_ENDPOINT", "http://127.0.0.1:1");
        MoverRun.Outcome outcome =
            mover.run(
                "pod",
                "backup",
                "--device",
                device.toString(),
                "--volume",
                "v",
                "--tag",
                "a=b",
                verbose,
                "--s3-max-concurrency",
                place.startsWith("s3") ? "0" : "1");
        all.append(outcome.out()).append(outcome.err()).append(Files.readString(message));
      }
    }
    assertThat(all.toString()).contains("--s3-max-concurrency").doesNotContain("planted");
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(
                new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain("planted");
      }
    }
  }

  @Test
  void anArgumentThatIsNotUnderstoodIsSaidToTheController() throws Exception {
    MoverRun.Outcome outcome = mover().run("pod", "backup", "--no-such-option");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.out()).contains("\"type\":\"error\"");
    assertThat(message()).containsEntry("type", "error");
  }
}
