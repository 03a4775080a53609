package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.blockmover.ceph.rbd.librbd.CephLibrary;
import io.blockmover.testkit.SelfSignedCertificate;
import io.blockmover.testkit.TestSeed;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import io.blockmover.testkit.kubernetes.FakeRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * VolumeSnapshots of ceph-csi on a real cluster, looked up at an API server: backed up without
 * device and clone, by a user who may only read.
 */
@Tag("ceph")
class CsiSnapshotsIT {

  private static final int SIZE = 48 << 20;

  @TempDir private Path directory;
  private final Random random = TestSeed.random("CsiSnapshotsIT");
  private final FakeApiServer server = new FakeApiServer();
  private final MoverRun mover = new MoverRun();
  private final byte[] content = new byte[SIZE];
  private CsiRigVolume volume;

  @BeforeEach
  void start() throws Exception {
    assumeThat(CephLibrary.load())
        .isInstanceOfSatisfying(
            CephLibrary.Loading.Loaded.class,
            it -> assumeThat(it.library().whyNoDiffById()).isEmpty());
    volume = new CsiRigVolume(server, SIZE);
    mover
        .variable("KUBECONFIG", server.kubeconfig(directory).toString())
        .variable("MOVER_REPO", directory.resolve("repo").toString())
        .variable("MOVER_PASSWORD", "secret");
    successful("init");
  }

  @AfterEach
  void stop() {
    if (volume != null) {
      volume.close();
    }
    server.close();
  }

  private String successful(String... command) {
    MoverRun.Outcome outcome = mover.run(command);
    assertThat(outcome.exitCode()).as(outcome.err() + outcome.out()).isZero();
    return outcome.out() + outcome.err();
  }

  private void write(int offset, int length) throws Exception {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    volume.write(offset, bytes);
    System.arraycopy(bytes, 0, content, offset, length);
  }

  private void assertRestoredIs(byte[] expected) throws Exception {
    Path restored = directory.resolve("restored");
    Files.deleteIfExists(restored);
    successful("restore", "latest", restored.toString());
    assertThat(Files.readAllBytes(restored)).isEqualTo(expected);
  }

  @Test
  void aSnapshotIsReadInCephAndTheNextOneAsADelta() throws Exception {
    write(4 << 20, 9 << 20);
    volume.snapshot("monday");
    String full =
        successful("backup", "--snapshot", "app/monday", "--tracker", "ceph-rbd", "--json");
    assertThat(full).contains("\"tracker\":\"ceph-rbd\"", "\"readBytes\":" + (9 << 20));

    write(6 << 20, 8192);
    volume.zero(8 << 20, 65_536);
    Arrays.fill(content, 8 << 20, (8 << 20) + 65_536, (byte) 0);
    volume.snapshot("tuesday");
    write(1 << 20, 4096); // after the snapshot, so not in it
    byte[] tuesday = content.clone();
    Arrays.fill(tuesday, 1 << 20, (1 << 20) + 4096, (byte) 0);
    String delta = successful("backup", "--snapshot", "app/tuesday", "--json");
    assertThat(delta)
        .contains("\"tracker\":\"ceph-rbd\"", "it knows what changed since the last backup");
    assertRestoredIs(tuesday);
    assertThat(successful("verify", "--level", "data")).isNotEmpty();
  }

  @Test
  void aFlattenedOrDeletedBaseIsNamedAndAllThatIsAllocatedCompared() throws Exception {
    write(4 << 20, 1 << 20);
    volume.snapshot("monday");
    successful("backup", "--snapshot", "app/monday");
    volume.flatten("monday");
    write(20 << 20, 4096);
    volume.snapshot("tuesday");
    assertThat(successful("backup", "--snapshot", "app/tuesday", "--json"))
        .contains("is no longer on image", "what it lists is compared with the last backup");
    assertRestoredIs(content);
    volume.delete("tuesday");
    write(24 << 20, 4096);
    volume.snapshot("wednesday");
    volume.flatten("wednesday");
    assertThat(successful("backup", "--snapshot", "app/wednesday", "--json"))
        .contains("was flattened");
    assertRestoredIs(content);
  }

  @Test
  void statusOfAClaimNamesItsSnapshotsAndTheBaseOfItsBackup() throws Exception {
    write(0, 4096);
    volume.snapshot("monday");
    volume.snapshot("tuesday");
    successful("backup", "--snapshot", "app/tuesday");
    volume.flatten("monday");
    String status = successful("rbd", "status", "--pvc", "app/data");
    assertThat(status)
        .contains("rbd/" + volume.image(), " of app/data@")
        .containsPattern("monday +none: image csi-snap-.* was flattened")
        .containsPattern("tuesday +[0-9]+ +good");
  }

  @Test
  void cephIsServedToOtherToolsAndLostBasesFromTheMapsOfBackups() throws Exception {
    write(4 << 20, 65_536);
    String monday = volume.snapshot("monday");
    successful("backup", "--snapshot", "app/monday");
    write(20 << 20, 4096);
    volume.snapshot("tuesday");
    successful("backup", "--snapshot", "app/tuesday");
    try (RunningServer running = serving()) {
      assertThat(list("-s", "monday")).contains("[{\"byte_offset\":4194304,\"size_bytes\":65536}]");
      assertThat(list("-s", "tuesday", "-p", "monday"))
          .as("exact, as Ceph tells it")
          .contains("[{\"byte_offset\":20971520,\"size_bytes\":4096}]");
      volume.flatten("monday");
      assertThat(list("-s", "tuesday", "-P", monday))
          .as("as the maps of the backups tell it")
          .contains("[{\"byte_offset\":20971520,\"size_bytes\":4096}]");
      assertThat(running.said())
          .contains("told from the maps of two backups", "is no base any more");
    }
  }

  private String list(String... options) {
    String[] all =
        Arrays.copyOf(new String[] {"cbt", "list", "-n", "app", "-o", "json"}, options.length + 6);
    System.arraycopy(options, 0, all, 6, options.length);
    return successful(all);
  }

  private RunningServer serving() throws Exception {
    SelfSignedCertificate tls = SelfSignedCertificate.make(directory);
    RunningServer running =
        new RunningServer(
            Map.of(
                "KUBECONFIG", directory.resolve("kubeconfig").toString(),
                "MOVER_REPO", directory.resolve("repo").toString(),
                "MOVER_PASSWORD", "secret"),
            "cbt",
            "serve",
            "--tracker",
            "ceph-rbd",
            "--driver",
            CsiRigVolume.DRIVER,
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
        {"apiVersion": "v1", "kind": "ServiceAccount",
         "metadata": {"namespace": "mover", "name": "mover"}}
        """);
    server.put(
        """
        {"apiVersion": "cbt.storage.k8s.io/v1beta1", "kind": "SnapshotMetadataService",
         "metadata": {"name": "%1$s"},
         "spec": {"address": "127.0.0.1:%2$d", "audience": "%1$s", "caCert": "%3$s"}}
        """
            .formatted(
                CsiRigVolume.DRIVER,
                running.port(),
                Base64.getEncoder().encodeToString(Files.readAllBytes(tls.certificate()))));
    return running;
  }

  @Test
  void anEncryptedVolumeIsStoredAsItIsAndThatIsRecorded() throws Exception {
    byte[] header = luks();
    volume.write(0, header);
    System.arraycopy(header, 0, content, 0, header.length);
    volume.snapshot("monday");
    assertThat(successful("backup", "--snapshot", "app/monday")).contains("encrypted with LUKS");
    assertThat(successful("list", "--json")).contains("encrypted:luks");
    assertRestoredIs(content);
  }

  /** The beginning of a volume as cryptsetup writes it. */
  private byte[] luks() {
    byte[] bytes = new byte[4096];
    random.nextBytes(bytes);
    byte[] magic = {'L', 'U', 'K', 'S', (byte) 0xba, (byte) 0xbe, 0, 2};
    System.arraycopy(magic, 0, bytes, 0, magic.length);
    return bytes;
  }

  @Test
  void whatIsMissingIsASentenceAndNoBackup() throws Exception {
    volume.snapshot("monday");
    server.deny(new FakeRule("get", "", "configmaps"));
    MoverRun.Outcome outcome = mover.run("backup", "--snapshot", "app/monday");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(outcome.err())
        .contains(
            "cannot be read without a device",
            "no configuration of ceph-csi names monitors for cluster id openshift-storage",
            "ConfigMap openshift-storage/ceph-csi-config may not be read",
            "MOVER_CEPH_CSI_NAMESPACE");
    server.allow(new FakeRule("get", "", "configmaps"));
    volume.secret("rook-csi-rbd-provisioner", "nobody", "AQBFAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAA==");
    assertThat(mover.run("backup", "--snapshot", "app/monday").err())
        .contains("no such user, or the key is another");
  }
}
