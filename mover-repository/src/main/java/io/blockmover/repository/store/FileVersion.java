package io.blockmover.repository.store;

import io.blockmover.api.store.ObjectSummary;
import io.blockmover.api.store.VersionTag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What distinguishes one version of a file from all others of the same key: inode, time of
 * modification and size, as one {@code lstat} says them.
 *
 * <p>A tag must not come back, or a compare-and-swap could succeed against an object that changed
 * and changed back. The inode does come back: it is free as soon as the file has been replaced. So
 * the time is not left to the kernel, whose clock ticks every few milliseconds: {@link #follow}
 * sets it, under the key's lock, later than that of the version which is replaced, by as much as it
 * takes for the file system to tell the two apart. While a key exists its times only grow. After a
 * deletion the clock decides; a repetition then needs the same inode and size and the same
 * nanosecond of a clock that was set back, and the objects that are compared and swapped are never
 * deleted.
 */
record FileVersion(long inode, Instant modified, long sizeBytes) {

  private static final long[] STEPS_NANOS = {
    1, 1_000, 1_000_000, 10_000_000, 1_000_000_000L, 2_000_000_000L
  };

  /** The version of a file; empty if there is no regular file of that name. */
  static Optional<FileVersion> find(Path file) throws IOException {
    Map<String, Object> status;
    try {
      status =
          Files.readAttributes(
              file, "unix:ino,lastModifiedTime,size,isRegularFile", LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (!Boolean.TRUE.equals(status.get("isRegularFile"))) {
      return Optional.empty();
    }
    return Optional.of(
        new FileVersion(number(status, "ino"), time(status).toInstant(), number(status, "size")));
  }

  /** Makes a file differ from the version that it is about to replace, and says how. */
  static FileVersion follow(Path file, Optional<FileVersion> replaced) throws IOException {
    FileVersion written = require(file);
    if (replaced.isEmpty()) {
      return written;
    }
    Instant last = replaced.get().modified();
    for (long step : STEPS_NANOS) {
      if (written.modified().isAfter(last)) {
        return written;
      }
      Files.setLastModifiedTime(file, FileTime.from(last.plusNanos(step)));
      written = require(file);
    }
    if (written.modified().isAfter(last)) {
      return written;
    }
    throw new IOException("the file system does not keep times of modification");
  }

  VersionTag tag() {
    return new VersionTag(
        Long.toHexString(inode)
            + "-"
            + Long.toHexString(modified.getEpochSecond())
            + "."
            + Integer.toHexString(modified.getNano())
            + "-"
            + Long.toHexString(sizeBytes));
  }

  ObjectSummary summary(String key) {
    return new ObjectSummary(key, sizeBytes, tag(), modified);
  }

  private static FileVersion require(Path file) throws IOException {
    return find(file).orElseThrow(() -> new NoSuchFileException(file.toString()));
  }

  private static FileTime time(Map<String, Object> status) {
    if (status.get("lastModifiedTime") instanceof FileTime time) {
      return time;
    }
    throw new IllegalStateException("no time of modification in " + status.keySet());
  }

  private static long number(Map<String, Object> status, String name) {
    if (status.get(name) instanceof Number number) {
      return number.longValue();
    }
    throw new IllegalStateException("no " + name + " in " + status.keySet());
  }
}
