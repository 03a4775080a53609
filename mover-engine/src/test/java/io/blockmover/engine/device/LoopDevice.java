package io.blockmover.engine.device;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A block device over a file, gone when it is closed. */
final class LoopDevice implements AutoCloseable {
  private final Path file;
  private final Path path;

  private LoopDevice(Path file, Path path) {
    this.file = file;
    this.path = path;
  }

  /** Skips the test where there are no such devices. */
  static void assumeAvailable() {
    Command.assumeRootAnd("losetup");
    boolean usable = true;
    try {
      Command.run("losetup", "--find");
    } catch (IOException | InterruptedException e) {
      usable = false;
    }
    Command.skipUnless(usable, "no loop devices here");
  }

  static LoopDevice over(Path file, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("losetup", "--find", "--show"));
    command.addAll(List.of(options));
    command.add(file.toString());
    return new LoopDevice(file, Path.of(Command.run(command.toArray(String[]::new))));
  }

  /** Over a new sparse file. */
  static LoopDevice ofSize(Path file, long bytes, String... options) throws Exception {
    resize(file, bytes);
    return over(file, options);
  }

  static void resize(Path file, long bytes) throws IOException {
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(bytes);
    }
  }

  Path path() {
    return path;
  }

  Path file() {
    return file;
  }

  /** Makes the device as large as the file is now to be. */
  void becomeBytes(long bytes) throws Exception {
    resize(file, bytes);
    Command.run("losetup", "--set-capacity", path.toString());
  }

  @Override
  public void close() throws Exception {
    Command.run("losetup", "--detach", path.toString());
  }
}
