package io.blockmover.repository.map;

import io.blockmover.repository.layer.PackDictionary;
import io.blockmover.repository.pack.ChunkLocation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Collects the entries of one leaf and writes its columns. For one thread. */
public final class MapLeafWriter {

  private final List<MapEntry> entries = new ArrayList<>();

  /**
   * Adds an entry.
   *
   * @throws IllegalArgumentException if it does not lie after the one before
   */
  public void add(MapEntry entry) {
    if (!entries.isEmpty() && entry.offset() < entries.getLast().end()) {
      throw new IllegalArgumentException(entry + " is not after " + entries.getLast());
    }
    entries.add(entry);
  }

  public int count() {
    return entries.size();
  }

  long start() {
    return entries.getFirst().offset();
  }

  long end() {
    return entries.getLast().end();
  }

  /** The plain text; afterwards the writer is empty. */
  public ByteBuffer write(PackDictionary dictionary) {
    int count = entries.size();
    ByteBuffer out =
        ByteBuffer.allocate(Integer.BYTES + count * MapLeaf.ENTRY_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0, count);
    long position = 0;
    for (int i = 0; i < count; i++) {
      MapEntry entry = entries.get(i);
      out.putLong(Integer.BYTES + 8 * i, entry.offset() - position);
      out.putLong(Integer.BYTES + 8 * (count + i), entry.length());
      if (entry instanceof MapEntry.Data data) {
        writeData(out, count, i, data, dictionary.ordinal(data.location().pack()));
      }
      position = entry.end();
    }
    entries.clear();
    return out;
  }

  private static void writeData(
      ByteBuffer out, int count, int i, MapEntry.Data data, int packOrdinal) {
    ChunkLocation chunk = data.location();
    int column = Integer.BYTES + 16 * count;
    out.put(column + i, MapLeaf.DATA);
    column += count;
    for (int value :
        new int[] {
          packOrdinal, chunk.offset(), chunk.storedLength(), chunk.plainLength(), data.within()
        }) {
      out.putInt(column + 4 * i, value);
      column += 4 * count;
    }
    out.putLong(column + 16 * i, Long.reverseBytes(chunk.idHigh()));
    out.putLong(column + 16 * i + 8, Long.reverseBytes(chunk.idLow()));
  }
}
