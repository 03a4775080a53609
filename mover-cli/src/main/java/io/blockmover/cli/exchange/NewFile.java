package io.blockmover.cli.exchange;

import io.blockmover.api.DeviceFailed;
import io.blockmover.api.TargetRefused;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file that appears under its name when it is whole and on the disk, and not at all before. */
public final class NewFile implements AutoCloseable {

  private static final int BUFFER_BYTES = 1 << 20;

  private final Path path;
  private final Path partial;
  private final FileChannel channel;
  private final OutputStream out;
  private boolean committed;

  private NewFile(Path path, Path partial, FileChannel channel) {
    this.path = path;
    this.partial = partial;
    this.channel = channel;
    this.out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
  }

  /**
   * Begins it, as {@code NAME.partial}; what a killed run left under that name is overwritten.
   *
   * @param force whether it may take the place of another file
   * @throws TargetRefused if there is one and it may not
   */
  public static NewFile begin(Path path, boolean force) throws TargetRefused, DeviceFailed {
    if (Files.exists(path) && !force) {
      throw new TargetRefused(path + " exists", "name another file, or overwrite it with --force");
    }
    Path partial = path.resolveSibling(path.getFileName() + ".partial");
    try {
      return new NewFile(
          path,
          partial,
          FileChannel.open(
              partial,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  public OutputStream out() {
    return out;
  }

  /** Gives it its name: it is whole. */
  public void commit() throws DeviceFailed {
    try {
      out.flush();
      channel.force(true);
      Files.move(
          partial, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      committed = true;
      Path directory = path.toAbsolutePath().getParent();
      try (FileChannel names = FileChannel.open(directory)) {
        names.force(true);
      }
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  private static DeviceFailed failed(Path path, IOException e) {
    return new DeviceFailed(
        path + " cannot be written: " + e, "is there room, and may you write there?", e);
  }

  /** Closes it; removes it if it is not whole. */
  @Override
  public void close() throws DeviceFailed {
    try {
      channel.close();
      if (!committed) {
        Files.deleteIfExists(partial);
      }
    } catch (IOException e) {
      throw failed(path, e);
    }
  }
}
