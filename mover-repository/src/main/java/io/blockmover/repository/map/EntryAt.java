package io.blockmover.repository.map;

import io.blockmover.api.MoverException;
import org.jspecify.annotations.Nullable;

/** Asks a cursor what is at an offset; offsets ascend. For one thread. */
final class EntryAt {

  private final MapCursor cursor;
  private @Nullable MapEntry entry;
  private boolean atEnd;

  EntryAt(MapCursor cursor) {
    this.cursor = cursor;
  }

  /** The entry that covers an offset, or null if none does. */
  @Nullable MapEntry at(long offset) throws MoverException {
    if (!atEnd && (entry == null || entry.end() <= offset)) {
      cursor.skipTo(offset);
      entry = cursor.next();
      atEnd = entry == null;
    }
    return entry != null && entry.offset() <= offset && offset < entry.end() ? entry : null;
  }

  /** How far what {@link #at} said holds. */
  long stop(long offset) {
    if (entry == null || entry.end() <= offset) {
      return Long.MAX_VALUE;
    }
    return entry.offset() > offset ? entry.offset() : entry.end();
  }
}
