package io.blockmover.repository.store;

import io.blockmover.api.store.ObjectKey;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directories of a store: where keys lie, made durable once each, never a link. */
final class StoreDirectories {

  private static final Logger LOG = LoggerFactory.getLogger(StoreDirectories.class);

  private static final String SESSIONS = "w";

  private final Path root;
  private final Flush flush;
  private final Set<Path> durable = ConcurrentHashMap.newKeySet();
  private final Set<Path> doubtful = ConcurrentHashMap.newKeySet();

  StoreDirectories(Path root) {
    this(root, StoreDirectories::flushDirectory);
  }

  StoreDirectories(Path root, Flush flush) {
    this.root = realPath(root.toAbsolutePath().normalize());
    this.flush = flush;
  }

  /** Makes the names in a directory durable. */
  interface Flush {
    void flush(Path directory) throws IOException;
  }

  Path root() {
    return root;
  }

  /** The file of a key; its directory need not exist. */
  Path resolve(String key) throws IOException {
    Path file = root.resolve(ObjectKey.requireValid(key));
    requireNoLink(directoryOf(file));
    return file;
  }

  /** An area of the store's own; no key can name it. */
  Path area(String name) {
    return root.resolve(name + "~");
  }

  /**
   * Makes a file's directory and those above it, durably. One that exists already is flushed too,
   * once: another process may have made it and not flushed it yet.
   */
  void ensure(Path file) throws IOException {
    ensureDirectory(directoryOf(file));
  }

  /** Takes back what is known of a file's directory, because it has gone. */
  void forget(Path file) {
    for (Path at = file.getParent(); at != null; at = at.getParent()) {
      durable.remove(at);
    }
  }

  /**
   * Removes a session's own directory once it is empty, or each backup would leave one for listings
   * to walk through. Directories that others may be about to write to stay: one that vanishes and
   * comes back is not known to be durable.
   */
  void prune(Path file) {
    Path directory = directoryOf(file);
    if (!root.resolve(SESSIONS).equals(directory.getParent())) {
      return;
    }
    try {
      Files.delete(directory);
      durable.remove(directory);
    } catch (IOException e) {
      LOG.debug("{} stays", directory, e);
    }
  }

  /** Makes a file's name durable, or that it has none any more. */
  void flushName(Path file) throws IOException {
    Path directory = directoryOf(file);
    try {
      flush.flush(directory);
    } catch (IOException e) {
      synchronized (doubtful) {
        doubtful.add(directory);
      }
      throw e;
    }
  }

  /**
   * Makes durable what an earlier flush of a file's directory left in doubt: nobody may take for
   * durable what only the page cache holds.
   */
  void settle(Path file) throws IOException {
    settleDirectory(directoryOf(file));
  }

  /** As {@link #settle}, for all names in a directory. */
  void settleDirectory(Path directory) throws IOException {
    if (!doubtful.contains(directory)) {
      return;
    }
    // Under the lock, or a failure that comes while this one succeeds would be forgotten.
    synchronized (doubtful) {
      if (doubtful.contains(directory)) {
        try {
          flush.flush(directory);
        } catch (NoSuchFileException e) {
          LOG.debug("{} has gone, and its names with it", directory);
        }
        doubtful.remove(directory);
      }
    }
  }

  /** An interrupt does not stop this, since what it makes durable has been done. */
  private static void flushDirectory(Path directory) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        interrupted |= Thread.interrupted();
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
          channel.force(true);
          return;
        } catch (ClosedByInterruptException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void ensureDirectory(Path directory) throws IOException {
    if (durable.contains(directory)) {
      return;
    }
    Path parent = directory.getParent();
    boolean outside = parent == null || !directory.startsWith(root);
    if (outside && Files.isDirectory(directory)) {
      return;
    }
    if (parent != null) {
      ensureDirectory(parent);
    }
    boolean made = make(directory);
    if (parent != null) {
      flushParent(directory, parent, made);
    }
    durable.add(directory);
  }

  /** Whether it was not there before. */
  private static boolean make(Path directory) throws IOException {
    try {
      Files.createDirectory(directory);
      return true;
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
      return false;
    }
  }

  /** Where somebody else made the store's own directory, theirs may be one that we cannot open. */
  private void flushParent(Path directory, Path parent, boolean made) throws IOException {
    try {
      flush.flush(parent);
    } catch (IOException e) {
      if (made || !directory.equals(root)) {
        throw e;
      }
      LOG.debug("{} cannot be flushed; {} was there before", parent, directory, e);
    }
  }

  private void requireNoLink(Path directory) throws IOException {
    try {
      if (!directory.toRealPath().equals(directory)) {
        throw new FileSystemException(directory.toString(), null, "is reached by a symbolic link");
      }
    } catch (NoSuchFileException e) {
      Path parent = directory.getParent();
      if (!directory.equals(root) && parent != null) {
        requireNoLink(parent);
      }
    }
  }

  private static Path directoryOf(Path file) {
    return Objects.requireNonNull(file.getParent());
  }

  /** Links above the store are the user's own business, also where the store is yet to be made. */
  private static Path realPath(Path path) {
    Path parent = path.getParent();
    Path name = path.getFileName();
    if (parent == null || name == null) {
      return path;
    }
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return realPath(parent).resolve(name);
    }
  }
}
