package io.blockmover.engine.copy;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.SourceReadFailed;
import io.blockmover.api.source.BlockSource;
import io.blockmover.engine.fetch.HeldBackup;
import io.blockmover.engine.fetch.StoredBackup;
import io.blockmover.repository.Repository;
import io.blockmover.repository.manifest.BadBlock;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.pack.DataKeys;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A backup as a volume that is read. What could not be read when it was made cannot be read here
 * either, so that a copy lists it too. Thread-safe; each thread that reads forwards costs little.
 */
final class StoredVolume implements BlockSource {

  private final HeldBackup held;
  private final Manifest manifest;
  private final StoredBackup content;
  private final List<VolumeParts> free = new ArrayList<>();

  /**
   * @param held stays the caller's to close
   */
  StoredVolume(Repository repository, HeldBackup held) {
    this.held = held;
    this.manifest = held.manifest();
    this.content = held.content(new DataKeys(repository.store(), repository.keys()));
  }

  @Override
  public String name() {
    return "backup " + manifest.backup() + " of " + manifest.volume();
  }

  @Override
  public long sizeBytes() {
    return manifest.volumeBytes();
  }

  @Override
  public int alignmentBytes() {
    return 1;
  }

  @Override
  public Optional<String> immutableIdentity() {
    return Optional.of("backup:" + manifest.backup());
  }

  @Override
  public int read(long offset, ByteBuffer into) throws MoverException {
    int length = (int) Math.min(into.remaining(), sizeBytes() - offset);
    if (length == 0) {
      return 0;
    }
    Extent extent = new Extent(offset, length);
    requireReadable(extent);
    VolumeParts reader = take(offset);
    try {
      reader.read(extent, into.slice(into.position(), length));
    } finally {
      giveBack(reader);
    }
    into.position(into.position() + length);
    return length;
  }

  private void requireReadable(Extent extent) throws SourceReadFailed {
    for (BadBlock bad : manifest.badBlocks()) {
      Extent place = new Extent(bad.offset(), bad.length());
      if (place.overlaps(extent)) {
        throw new SourceReadFailed(
            name(), place, "it could not be read when the backup was made", null);
      }
    }
  }

  /** The one that stands closest before the offset; a new one if none does. */
  private VolumeParts take(long offset) {
    synchronized (free) {
      Optional<VolumeParts> best =
          free.stream()
              .filter(reader -> reader.position() <= offset)
              .max(Comparator.comparingLong(VolumeParts::position));
      if (best.isPresent()) {
        free.remove(best.get());
        return best.get();
      }
      if (!free.isEmpty()) {
        return free.removeLast();
      }
    }
    return new VolumeParts(content, held::requireStillThere);
  }

  private void giveBack(VolumeParts reader) {
    synchronized (free) {
      free.add(reader);
    }
  }

  @Override
  public void requireStillValid() throws MoverException {
    held.requireStillThere();
  }

  @Override
  public void close() {
    synchronized (free) {
      free.forEach(VolumeParts::close);
      free.clear();
    }
  }
}
