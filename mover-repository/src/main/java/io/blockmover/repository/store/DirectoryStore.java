package io.blockmover.repository.store;

import io.blockmover.api.ConditionFailed;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.WriteOutcomeUnknown;
import io.blockmover.api.store.LoadedObject;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.api.store.StoreProperties;
import io.blockmover.api.store.VersionTag;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A store in a directory: one file per object, under its key.
 *
 * <p>A body is written to a file of its own under {@code tmp~} and made durable there; then the
 * file is renamed to its key, and the directory made durable. A crash in between leaves a file
 * under {@code tmp~}, which no listing shows (no key holds a tilde) and a later writer sweeps.
 *
 * <p>Renames and deletions of a key happen under that key's lock ({@link KeyLocks}), which holds
 * between threads and between processes, of one machine or, where the file system says so, of
 * several. That is what makes {@link #putIfAbsent} and {@link #replace} atomic; readers need no
 * lock.
 *
 * <p>Where a directory could not be made durable, its names are in doubt: until it could, no call
 * tells of any of them.
 *
 * <p>Below the directory no symbolic link is followed.
 */
public final class DirectoryStore implements ObjectStore {

  private static final StoreProperties PROPERTIES = new StoreProperties(8, true, true, true);

  private final StoreDirectories directories;
  private final TemporaryFiles temporaryFiles;
  private final KeyLocks locks;
  private volatile boolean closed;

  /**
   * @param root the directory; made with the first write if it does not exist
   */
  public DirectoryStore(Path root) {
    this(new StoreDirectories(root));
  }

  DirectoryStore(StoreDirectories directories) {
    this.directories = directories;
    this.temporaryFiles = new TemporaryFiles(directories);
    this.locks = new KeyLocks(directories);
  }

  @Override
  public StoreProperties properties() {
    return PROPERTIES;
  }

  @Override
  public String location() {
    return "file://" + directories.root();
  }

  @Override
  public VersionTag put(String key, ByteBuffer body) throws MoverException {
    return write(key, body, (file, now) -> {});
  }

  @Override
  public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
    return write(
        key,
        body,
        (file, now) -> {
          if (now.isPresent()) {
            throw new ObjectAlreadyExists(key + " exists already in " + location(), "");
          }
        });
  }

  @Override
  public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
      throws MoverException {
    return write(
        key,
        body,
        (file, now) -> {
          if (now.isEmpty() || !now.get().tag().equals(expected)) {
            throw new ConditionFailed(
                key + " in " + location() + " is not what it was when it was read", "");
          }
        });
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) throws MoverException {
    if (offset < 0) {
      throw new IllegalArgumentException("offset is " + offset);
    }
    Path file = begin(key);
    int start = into.position();
    try (FileChannel channel = open(file)) {
      FileTransfer.readFully(channel, key, offset, into);
    } catch (NoSuchFileException e) {
      throw notFound(key, e);
    } catch (IOException e) {
      into.position(start);
      if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        throw notFound(key, e);
      }
      throw failures("read " + key, 0).map(e);
    }
  }

  @Override
  public LoadedObject load(String key, int maxBytes) throws MoverException {
    Path file = begin(key);
    try {
      directories.settle(file);
      while (true) {
        FileVersion before = FileVersion.find(file).orElseThrow(() -> notFound(key, null));
        if (before.sizeBytes() > maxBytes) {
          throw new CorruptData(
              key, "at most " + maxBytes + " bytes", before.sizeBytes() + " bytes");
        }
        byte[] bytes = new byte[(int) before.sizeBytes()];
        boolean whole = readWhole(file, key, bytes);
        // Versions never come back: if it is the same before and after, it was so in between.
        if (FileVersion.find(file).equals(Optional.of(before))) {
          if (!whole) {
            throw new CorruptData(key, before.sizeBytes() + " bytes", "fewer");
          }
          return new LoadedObject(bytes, before.tag());
        }
      }
    } catch (NoSuchFileException e) {
      throw notFound(key, e);
    } catch (IOException e) {
      throw failures("read " + key, 0).map(e);
    }
  }

  /** Fills the array; false if the file is shorter, as another version of it may be. */
  private static boolean readWhole(Path file, String key, byte[] bytes) throws IOException {
    try (FileChannel channel = open(file)) {
      FileTransfer.readFully(channel, key, 0, ByteBuffer.wrap(bytes));
      return true;
    } catch (CorruptData e) {
      return false;
    }
  }

  @Override
  public Optional<ObjectSummary> find(String key) throws MoverException {
    Path file = begin(key);
    try {
      directories.settle(file);
      return FileVersion.find(file).map(version -> version.summary(key));
    } catch (IOException e) {
      throw failures("look up " + key, 0).map(e);
    }
  }

  @Override
  public ObjectListing list(String prefix, String startAfter) {
    requireOpen();
    return new DirectoryListing(directories, prefix, startAfter);
  }

  @Override
  public void delete(String key) throws MoverException {
    Path file = begin(key);
    try {
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        return;
      }
      try (KeyLocks.Held _ = locks.acquire(key)) {
        Files.deleteIfExists(file);
      }
      directories.prune(file);
    } catch (IOException e) {
      throw failures("delete " + key, 0).map(e);
    }
  }

  @Override
  public void close() {
    closed = true;
  }

  private VersionTag write(String key, ByteBuffer body, Condition condition) throws MoverException {
    Path file = begin(key);
    FileFailures failures = failures("write " + key, body.remaining());
    // Spares the body where the answer is known already; what counts is the check under the lock.
    try {
      directories.settle(file);
      condition.check(file, FileVersion.find(file));
    } catch (IOException e) {
      throw failures.map(e);
    }
    Path temporary = null;
    try {
      temporary = temporaryFiles.write(body);
      directories.ensure(file);
      FileVersion written;
      try (KeyLocks.Held _ = locks.acquire(key)) {
        Optional<FileVersion> now = FileVersion.find(file);
        condition.check(file, now);
        written = FileVersion.follow(temporary, now);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        temporary = null;
      }
      flushName(key, file);
      return written.tag();
    } catch (NoSuchFileException e) {
      directories.forget(file);
      throw new StoreUnavailable(
          "a directory vanished while " + key + " was written to " + location(), Duration.ZERO, e);
    } catch (IOException e) {
      throw failures.map(e);
    } finally {
      temporaryFiles.discard(temporary);
    }
  }

  private void flushName(String key, Path file) throws WriteOutcomeUnknown {
    try {
      directories.flushName(file);
    } catch (IOException e) {
      throw new WriteOutcomeUnknown(
          key + " was written to " + location() + ", but may not survive a power failure",
          "check the disk's health, then run the same command again",
          e);
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  private Path begin(String key) throws MoverException {
    requireOpen();
    FileFailures failures = failures("reach " + key, 0);
    failures.requireNotInterrupted();
    try {
      return directories.resolve(key);
    } catch (IOException e) {
      throw failures.map(e);
    }
  }

  private FileFailures failures(String what, long neededBytes) {
    return new FileFailures(directories.root(), what, neededBytes);
  }

  private ObjectNotFound notFound(String key, @Nullable Exception cause) {
    return new ObjectNotFound(key + " does not exist in " + location(), "", cause);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
  }

  private interface Condition {
    void check(Path file, Optional<FileVersion> now) throws MoverException;
  }
}
