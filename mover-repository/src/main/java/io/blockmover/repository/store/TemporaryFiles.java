package io.blockmover.repository.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bodies that have no name yet. The first write sweeps what crashed processes left behind a day ago
 * or earlier. Should that hit a writer that slept so long, its rename fails, nothing has taken
 * effect, and it writes again.
 */
final class TemporaryFiles {

  private static final Logger LOG = LoggerFactory.getLogger(TemporaryFiles.class);
  private static final Duration ABANDONED_AFTER = Duration.ofDays(1);

  private final StoreDirectories directories;
  private final Path area;
  private final DirectWriter directWriter = new DirectWriter();
  private final AtomicBoolean swept = new AtomicBoolean();

  TemporaryFiles(StoreDirectories directories) {
    this.directories = directories;
    this.area = directories.area("tmp");
  }

  /** Writes a body durably to a new file; leaves nothing behind if it cannot. */
  Path write(ByteBuffer body) throws IOException {
    Path file = area.resolve(UUID.randomUUID().toString());
    directories.ensure(file);
    if (swept.compareAndSet(false, true)) {
      sweep();
    }
    boolean written = false;
    try {
      int done = directWriter.writeBlocks(file, body);
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        channel.position(done);
        FileTransfer.writeFully(
            channel, body.slice(body.position() + done, body.remaining() - done));
        // The kernel's own time may be a tick old; versions are told apart by theirs.
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        channel.force(true);
      }
      written = true;
      return file;
    } finally {
      if (!written) {
        discard(file);
      }
    }
  }

  /** Removes a file that will not be used; one that stays is swept some other day. */
  void discard(@Nullable Path file) {
    if (file == null) {
      return;
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.debug("{} is left to be swept later", file, e);
    }
  }

  private void sweep() {
    Instant abandoned = Instant.now().minus(ABANDONED_AFTER);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(area)) {
      for (Path file : files) {
        var version = FileVersion.find(file);
        if (version.isPresent() && version.get().modified().isBefore(abandoned)) {
          discard(file);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.debug("{} is left to be swept later", area, e);
    }
  }
}
