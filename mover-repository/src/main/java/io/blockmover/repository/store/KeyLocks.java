package io.blockmover.repository.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Locks on keys that hold between threads and between processes. A key belongs to one of 64
 * stripes, each an empty file under {@code locks~}; the kernel releases the lock of a process that
 * dies.
 *
 * <p>Locks of files belong to the whole process, and closing any channel of a file gives up its
 * lock. So all stores of one process share one lock per file, and only its holder has the file
 * open.
 */
final class KeyLocks {

  private static final Logger LOG = LoggerFactory.getLogger(KeyLocks.class);
  private static final int STRIPES = 64;
  private static final Map<Path, ReentrantLock> PROCESS_WIDE = new ConcurrentHashMap<>();

  private final StoreDirectories directories;
  private final Path area;

  KeyLocks(StoreDirectories directories) {
    this.directories = directories;
    this.area = directories.area("locks");
  }

  /** Waits for the lock of a key; the same thread gives it back. */
  Held acquire(String key) throws IOException {
    Path file = area.resolve(Integer.toString(Math.floorMod(key.hashCode(), STRIPES)));
    ReentrantLock inProcess = PROCESS_WIDE.computeIfAbsent(file, path -> new ReentrantLock());
    directories.ensure(file);
    inProcess.lock();
    try {
      return new Held(inProcess, lock(file));
    } catch (IOException | RuntimeException e) {
      inProcess.unlock();
      throw e;
    }
  }

  /** The lock lasts as long as the channel is open. */
  private static FileChannel lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.lock().isValid()) {
        return channel;
      }
      throw new IOException("lock on " + file + " was lost");
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** A lock that is held until closed. */
  record Held(ReentrantLock inProcess, FileChannel channel) implements AutoCloseable {

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        // The kernel has closed it all the same, and what was done under the lock has been done.
        LOG.debug("a lock file could not be closed cleanly", e);
      } finally {
        inProcess.unlock();
      }
    }
  }
}
