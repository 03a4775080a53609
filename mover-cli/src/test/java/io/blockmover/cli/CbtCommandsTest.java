package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.engine.MemoryProfile;
import io.blockmover.engine.backup.Backup;
import io.blockmover.engine.backup.BackupRequest;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.repository.Randomness;
import io.blockmover.repository.Repository;
import io.blockmover.repository.store.DirectoryStore;
import io.blockmover.testkit.FakeChangeTracker;
import io.blockmover.testkit.FakeChangeTrackerProvider;
import io.blockmover.testkit.MemoryBlockSource;
import io.blockmover.testkit.SelfSignedCertificate;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import io.blockmover.testkit.kubernetes.FakeRule;
import io.blockmover.testkit.kubernetes.SampleCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code mover cbt list} and {@code verify} against {@code mover cbt serve}: two backups of two
 * snapshots, served to whoever asks what is in them.
 */
@Tag("slow") // real repositories, TLS, a certificate made by keytool
class CbtCommandsTest {

  private static final int SIZE = 1 << 20;
  private static final int PIECE = 64 << 10;

  @TempDir private Path directory;
  private final FakeApiServer server = new FakeApiServer();
  private final MoverRun mover = new MoverRun();
  private SelfSignedCertificate tls;
  private RunningServer running;
  private Path monday;
  private Path tuesday;

  @BeforeEach
  void start() throws Exception {
    SampleCluster.claim(server);
    SampleCluster.snapshot(server, "monday", 1, SIZE);
    SampleCluster.snapshot(server, "tuesday", 2, SIZE);
    server.put(
        """
        {"apiVersion": "v1", "kind": "ServiceAccount",
         "metadata": {"namespace": "mover", "name": "mover"}}
        """);
    String kubeconfig = server.kubeconfig(directory).toString();
    String repository = directory.resolve("repo").toString();
    mover.variable("KUBECONFIG", kubeconfig).variable("MOVER_REPO", repository);
    byte[] content = new byte[SIZE];
    byte[] random = new byte[SIZE];
    new Random(7).nextBytes(random);
    System.arraycopy(random, 0, content, PIECE, 2 * PIECE);
    System.arraycopy(random, 0, content, SIZE - PIECE, PIECE);
    monday = Files.write(directory.resolve("monday"), content);
    content[PIECE] ^= 1;
    Arrays.fill(content, SIZE - PIECE, SIZE, (byte) 0);
    content[5 * PIECE] = 1;
    tuesday = Files.write(directory.resolve("tuesday"), content);
    assertThat(mover.run("init", "--no-encryption", "-q").exitCode()).isZero();
    tls = SelfSignedCertificate.make(directory);
    running =
        new RunningServer(
            Map.of("KUBECONFIG", kubeconfig, "MOVER_REPO", repository),
            "cbt",
            "serve",
            "--driver",
            SampleCluster.DRIVER,
            "--bind",
            "127.0.0.1",
            "--port",
            "0",
            "--tls-cert",
            tls.certificate().toString(),
            "--tls-key",
            tls.key().toString());
    server.put(
        """
        {"apiVersion": "cbt.storage.k8s.io/v1beta1", "kind": "SnapshotMetadataService",
         "metadata": {"name": "%s"},
         "spec": {"address": "127.0.0.1:%d", "audience": "%s", "caCert": "%s"}}
        """
            .formatted(
                SampleCluster.DRIVER,
                running.port(),
                SampleCluster.DRIVER,
                Base64.getEncoder().encodeToString(Files.readAllBytes(tls.certificate()))));
    backup(monday, "app/monday");
    backup(tuesday, "app/tuesday");
  }

  @AfterEach
  void stop() throws Exception {
    assertThat(running.stop()).isEqualTo(ExitCode.INTERRUPTED);
    server.close();
  }

  private void backup(Path image, String snapshot) {
    MoverRun.Outcome outcome = mover.run("backup", image.toString(), "--snapshot", snapshot);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
  }

  private MoverRun.Outcome list(String... options) {
    String[] arguments = new String[options.length + 2];
    arguments[0] = "cbt";
    arguments[1] = "list";
    System.arraycopy(options, 0, arguments, 2, options.length);
    return mover.run(arguments);
  }

  @Test
  void allocatedRangesAreListedAsTheReferenceListsThem() {
    MoverRun.Outcome outcome = list("-n", "app", "-s", "monday");
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .isEqualTo(
            """
            Record#   VolCapBytes  BlockMetadataType   ByteOffset     SizeBytes
            ------- -------------- ----------------- -------------- --------------
                  1        1048576   VARIABLE_LENGTH          65536         131072
                  1        1048576   VARIABLE_LENGTH         983040          65536
            """);
  }

  @Test
  void changedRangesAreListedByNameAndByHandle() {
    String expected =
        """
        Record#   VolCapBytes  BlockMetadataType   ByteOffset     SizeBytes
        ------- -------------- ----------------- -------------- --------------
              1        1048576   VARIABLE_LENGTH          65536          65536
              2        1048576   VARIABLE_LENGTH         327680          65536
              3        1048576   VARIABLE_LENGTH         983040          65536
        """;
    assertThat(
            list("-namespace", "app", "-snapshot=tuesday", "-p", "monday", "-max-results", "1")
                .out())
        .isEqualTo(expected);
    server.delete("VolumeSnapshot", "app", "monday");
    assertThat(
            list("--namespace=app", "-s=tuesday", "-P", "handle-monday", "--max-results=1").out())
        .isEqualTo(expected);
  }

  @Test
  void aBackupIsFoundByWhatItsTrackersRecordedToo() throws Exception {
    SampleCluster.snapshot(server, "wednesday", 3, SIZE);
    byte[] content = Files.readAllBytes(tuesday);
    content[9 * PIECE] ^= 1;
    backUpWithoutTag(content, "handle-wednesday", "changes-of-wednesday");
    assertThat(list("-n", "app", "-s", "wednesday", "-p", "tuesday", "-o", "json").out())
        .contains("{\"byte_offset\":589824,\"size_bytes\":65536}");
    assertThat(list("-n", "app", "-s", "wednesday", "-P", "changes-of-wednesday", "-o", "json"))
        .satisfies(same -> assertThat(same.out()).as(same.err()).isEqualTo("[]"));
    assertThat(list("-n", "app", "-s", "wednesday", "-P", "changes-of-thursday").err())
        .contains("NOT_FOUND");
  }

  private void backUpWithoutTag(byte[] content, String handle, String changeId) throws Exception {
    try (DirectoryStore store = new DirectoryStore(directory.resolve("repo"))) {
      Repository repository = Repository.open(store, null, Clock.systemUTC(), Randomness.secure());
      FakeChangeTracker tracker =
          new FakeChangeTracker(ExtentQuality.EXACT, changeId)
              .withAllocated(List.of(new Extent(0, SIZE)));
      BackupRequest request =
          new BackupRequest(
              new MemoryBlockSource(content),
              "test",
              "another name",
              new SnapshotReference(SampleCluster.DRIVER, handle, "vol-1", SIZE, Map.of()),
              List.of(FakeChangeTrackerProvider.opening("any", target -> tracker)),
              List.of(),
              1,
              false,
              "here",
              MemoryProfile.small());
      new Backup(repository, request, new Progress(), new Cancellation()).run();
    }
  }

  @Test
  void jsonIsTheReferencesToo() {
    assertThat(list("-n", "app", "-s", "tuesday", "-p", "monday", "-o", "json").out())
        .isEqualTo(
            "[{\"block_metadata_type\":2,\"volume_capacity_bytes\":1048576,\"block_metadata\":["
                + "{\"byte_offset\":65536,\"size_bytes\":65536},"
                + "{\"byte_offset\":327680,\"size_bytes\":65536},"
                + "{\"byte_offset\":983040,\"size_bytes\":65536}]}]");
    assertThat(list("-n", "app", "-s", "monday", "-P", "handle-monday", "-o", "json").out())
        .isEqualTo("[]");
    assertThat(list("-n", "app", "-s", "monday", "-P", "handle-monday").out()).isEmpty();
  }

  @Test
  void anOffsetSkipsWhatEndsBeforeIt() {
    assertThat(list("-n", "app", "-s", "monday", "-starting-offset", "200000").out())
        .endsWith("      1        1048576   VARIABLE_LENGTH         983040          65536\n")
        .doesNotContain("131072");
  }

  @Test
  void whatCannotBeListedIsSaidAndFails() {
    assertThat(list().exitCode()).isEqualTo(1);
    assertThat(list().err()).contains("Usage: mover cbt list");
    assertThat(list("-n", "app").exitCode()).isEqualTo(1);
    assertThat(list("-no-such-flag").exitCode()).isEqualTo(2);
    assertThat(list("-h").exitCode()).isZero();
    assertThat(list("-n", "app", "-s", "wednesday").err())
        .contains("there is no VolumeSnapshot app/wednesday");
    assertThat(list("-n", "app", "-s", "monday", "-service-account", "x").exitCode()).isEqualTo(1);
    assertThat(list("-n", "app", "-s", "monday", "-max-results", "-1").exitCode()).isEqualTo(1);
    MoverRun.Outcome gone = list("-n", "app", "-s", "monday", "-P", "handle-gone");
    assertThat(gone.exitCode()).isEqualTo(1);
    assertThat(gone.err()).contains("NOT_FOUND", "has no backup of a snapshot handle-gone");
    server.deny(new FakeRule("get", "snapshot.storage.k8s.io", "volumesnapshots"));
    assertThat(list("-n", "app", "-s", "monday").exitCode()).isEqualTo(1);
  }

  @Test
  void aListIsProvedByCopyingWhatItNames() throws Exception {
    Path target = Files.copy(monday, directory.resolve("target"));
    assertThat(verify("tuesday", target, "-p", "monday").exitCode()).isZero();
    assertThat(target).hasSameBinaryContentAs(tuesday);
    Path empty = Files.write(directory.resolve("empty"), new byte[SIZE]);
    assertThat(verify("tuesday", empty).exitCode()).isZero();
  }

  @Test
  void aListThatIsShortIsFoundOut() throws Exception {
    Path target = Files.copy(monday, directory.resolve("target"));
    byte[] content = Files.readAllBytes(tuesday);
    content[3 * PIECE + 5] = 1;
    Files.write(tuesday, content);
    MoverRun.Outcome outcome = verify("tuesday", target, "-p", "monday");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("differ at offset " + (3 * PIECE + 5));
    Files.write(target, new byte[SIZE + 1]);
    assertThat(verify("tuesday", target).exitCode()).isEqualTo(1);
    assertThat(verify("tuesday", tuesday).err()).contains("are the same device");
  }

  private MoverRun.Outcome verify(String snapshot, Path target, String... more) {
    String[] first = {
      "cbt",
      "verify",
      "-n",
      "app",
      "-s",
      snapshot,
      "-src",
      tuesday.toString(),
      "-tgt",
      target.toString()
    };
    String[] all = Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return mover.run(all);
  }

  @Test
  void aBackupElsewhereReadsOnlyWhatIsListed() {
    mover.variable("MOVER_REPO", directory.resolve("second").toString());
    assertThat(mover.run("init", "--no-encryption", "-q").exitCode()).isZero();
    Path metrics = directory.resolve("metrics.prom");
    MoverRun.Outcome first =
        mover.run(
            "backup",
            monday.toString(),
            "--snapshot",
            "app/monday",
            "--metrics-file",
            metrics.toString());
    assertThat(first.out()).as(first.err()).contains("csi-snapshot-metadata");
    assertThat(metrics)
        .content()
        .contains("mover_tracker_records_total{driver=\"disk.example.com\",kind=\"allocated\"}");
    MoverRun.Outcome second =
        mover.run("backup", tuesday.toString(), "--snapshot", "app/tuesday", "--json");
    assertThat(second.err()).isEmpty();
    assertThat(second.out()).contains("csi-snapshot-metadata").contains("\"readBytes\":196608");
    Path restored = directory.resolve("restored");
    assertThat(mover.run("restore", "latest", restored.toString()).exitCode()).isZero();
    assertThat(restored).hasSameBinaryContentAs(tuesday);
  }

  @Test
  void theObjectIsPrintedForKubectl() {
    MoverRun.Outcome outcome =
        mover.run(
            "cbt",
            "serve",
            "--driver",
            "a.csi",
            "--tls-cert",
            tls.certificate().toString(),
            "--tls-key",
            tls.key().toString(),
            "--address",
            "host:1",
            "--print-object");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .startsWith("apiVersion: cbt.storage.k8s.io/v1beta1")
        .contains("host:1");
  }
}
