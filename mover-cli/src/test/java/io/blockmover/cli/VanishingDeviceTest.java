package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A volume served by nbdkit, whose server dies when the backup has just begun. */
@Tag("slow")
@Timeout(120)
class VanishingDeviceTest {

  @TempDir private Path directory;

  @Test
  void aDeviceThatVanishesEndsTheBackupWithItsNameAndTheNextOneSucceeds() throws Exception {
    assumeTrue(has("nbdkit") && has("nbdfuse") && has("fusermount"), "needs nbdkit and nbdfuse");
    assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "needs root and /dev/fuse");
    System.setProperty("aws.accessKeyId", "test");
    System.setProperty("aws.secretAccessKey", "test");
    Path volume = Files.createFile(directory.resolve("volume"));
    try (S3Server server = S3Server.start()) {
      MoverRun mover =
          new MoverRun()
              .variable("MOVER_REPO", "s3://bucket/place")
              .variable("MOVER_S3_ENDPOINT", server.endpoint())
              .variable("MOVER_PASSWORD", "secret");
      assertThat(mover.run("init").exitCode()).isZero();
      Process served = serve(volume);
      server.trouble(
          exchange -> {
            if (exchange.getRequestURI().getPath().endsWith("/beat")) {
              kill(served.toHandle());
            }
            return false;
          });
      MoverRun.Outcome backup = mover.run("backup", volume.toString(), "--volume", "v");
      assertThat(backup.exitCode()).as(backup.err()).isEqualTo(1);
      assertThat(backup.err())
          .contains(volume + " vanished", "what to do: ")
          .doesNotContain("\tat ");
      assertThat(mover.run("list", "--json").out()).contains("\"backups\":[]");
      server.trouble(exchange -> false);
      unmount(volume);
      Process again = serve(volume);
      assertThat(mover.run("backup", volume.toString(), "--volume", "v").exitCode()).isZero();
      assertThat(mover.run("verify", "--level", "data").exitCode()).isZero();
      kill(again.toHandle());
    } finally {
      unmount(volume);
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
    }
  }

  private Process serve(Path volume) throws Exception {
    Path pidFile = directory.resolve("pid");
    Files.deleteIfExists(pidFile);
    Process process =
        new ProcessBuilder(
                List.of(
                    "nbdfuse",
                    "--pidfile",
                    pidFile.toString(),
                    volume.toString(),
                    "--command",
                    "nbdkit",
                    "-s",
                    "--exit-with-parent",
                    "pattern",
                    "16M"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    // The pid file appears when the volume is there.
    for (int i = 0; i < 100 && !Files.exists(pidFile); i++) {
      if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
        throw new IOException("nbdfuse ended with " + process.exitValue());
      }
    }
    return process;
  }

  /** With everything that it started, and waits for the end. */
  private static void kill(ProcessHandle process) {
    List<ProcessHandle> all = process.descendants().toList();
    all.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
    all.forEach(child -> child.onExit().join());
  }

  private static void unmount(Path volume) throws Exception {
    new ProcessBuilder("fusermount", "-u", "-z", volume.toString()).start().waitFor();
  }

  private static boolean has(String program) {
    for (String place : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (Files.isExecutable(Path.of(place, program))) {
        return true;
      }
    }
    return false;
  }
}
