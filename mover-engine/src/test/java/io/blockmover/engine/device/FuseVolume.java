package io.blockmover.engine.device;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A file whose bytes come from nbdkit, by nbdfuse; gone when it is closed. */
final class FuseVolume implements AutoCloseable {
  private final Path file;
  private final Process process;

  private FuseVolume(Path file, Process process) {
    this.file = file;
    this.process = process;
  }

  /** Skips the test where there is no such thing. */
  static FuseVolume of(Path directory, String... nbdkitArguments) throws Exception {
    Command.assumeRootAnd("nbdkit", "nbdfuse", "fusermount");
    Command.skipUnless(Files.exists(Path.of("/dev/fuse")), "needs /dev/fuse");
    Path file = Files.createFile(directory.resolve("volume"));
    Path pidFile = directory.resolve("pid");
    List<String> command =
        new ArrayList<>(
            List.of("nbdfuse", "--pidfile", pidFile.toString(), file.toString(), "--command"));
    command.addAll(List.of("nbdkit", "-s", "--exit-with-parent"));
    command.addAll(List.of(nbdkitArguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(new File("/dev/null"))
            .start();
    FuseVolume volume = new FuseVolume(file, process);
    // The pid file appears when the volume is there.
    for (int i = 0; i < 100 && !Files.exists(pidFile); i++) {
      if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
        throw new IOException(command + " ended with " + process.exitValue());
      }
    }
    return volume;
  }

  Path path() {
    return file;
  }

  @Override
  public void close() throws Exception {
    Command.run("fusermount", "-u", "-z", file.toString());
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
