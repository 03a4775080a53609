package io.blockmover.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.Extent;
import io.blockmover.api.SourceReadFailed;
import io.blockmover.api.source.BlockSource;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A volume with one bad sector: nbdkit answers with EIO there, nbdfuse makes a file of it. */
@Tag("slow")
class BadSectorTest {
  private static final int SIZE = 1 << 20;
  private static final int BAD = 524288;
  private static final String PREAD =
      "if [ $(($4 + $3)) -gt %1$d ] && [ $4 -lt $((%1$d + 4096)) ]; then echo EIO >&2; exit 1; fi;"
          + " head -c $3 /dev/zero";

  @TempDir Path directory;

  @Test
  void aReadErrorInOnePlaceNamesItAndSparesTheRest() throws Exception {
    Command.assumeRootAnd("nbdkit", "nbdfuse", "fusermount");
    Command.skipUnless(Files.exists(Path.of("/dev/fuse")), "needs /dev/fuse");
    Path file = Files.createFile(directory.resolve("volume"));
    Path pidFile = directory.resolve("pid");
    Process fuse =
        new ProcessBuilder(
                "nbdfuse",
                "--pidfile",
                pidFile.toString(),
                file.toString(),
                "--command",
                "nbdkit",
                "-s",
                "--exit-with-parent",
                "eval",
                "get_size=echo " + SIZE,
                "pread=" + PREAD.formatted(BAD))
            .redirectErrorStream(true)
            .redirectOutput(new File("/dev/null"))
            .start();
    try {
      assertThat(waitFor(pidFile, fuse)).isTrue();
      try (BlockSource source = Devices.openSource(file)) {
        assertThat(source.sizeBytes()).isEqualTo(SIZE);
        assertThat(source.read(0, Buffers.aligned(65536))).isEqualTo(65536);
        assertThatThrownBy(() -> source.read(BAD, Buffers.aligned(4096)))
            .isInstanceOfSatisfying(
                SourceReadFailed.class,
                e -> {
                  assertThat(e.extent()).isEqualTo(new Extent(BAD, 4096));
                  assertThat(e).hasMessageContaining("offset " + BAD).hasMessageContaining("EIO");
                });
        assertThatThrownBy(() -> source.read(BAD - 65536, Buffers.aligned(131072)))
            .isInstanceOfSatisfying(
                SourceReadFailed.class, e -> assertThat(e.extent().end()).isEqualTo(BAD + 65536));
        assertThat(source.read(BAD + 4096, Buffers.aligned(SIZE))).isEqualTo(SIZE - BAD - 4096);
        source.requireStillValid();
      }
    } finally {
      Command.run("fusermount", "-u", "-z", file.toString());
      fuse.waitFor(10, TimeUnit.SECONDS);
      fuse.destroyForcibly();
    }
  }

  /** The pid file appears when the volume is there. */
  private static boolean waitFor(Path file, Process process) throws Exception {
    for (int i = 0; i < 100 && !Files.exists(file); i++) {
      if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return Files.exists(file);
  }
}
