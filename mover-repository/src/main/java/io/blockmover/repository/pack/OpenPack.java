package io.blockmover.repository.pack;

import io.blockmover.repository.crypto.Aead;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A data pack that is being filled. A thread reserves room, which takes a moment, and seals its
 * chunk right into it while others do the same; the last one to finish after {@link #close} seals
 * the table. No chunk is copied on its way.
 */
final class OpenPack {

  private final PackName name;
  private final PackSeal seal;
  private final ByteBuffer buffer;
  private final List<TableRow> rows = new ArrayList<>();
  private int position;
  private int unfinished;
  private boolean closed;

  OpenPack(PackName name, PackSeal seal, ByteBuffer buffer, DataKey dataKey) {
    this.name = name;
    this.seal = seal;
    this.buffer = buffer;
    new PackHeader(PackKind.DATA, name, List.of(dataKey.wrapped())).write(buffer.clear());
    position = buffer.position();
  }

  PackName name() {
    return name;
  }

  PackSeal seal() {
    return seal;
  }

  /** Room for one record, or null if the pack is too full for it. */
  synchronized @org.jspecify.annotations.Nullable TableRow reserve(
      ChunkId id, int codec, int plainLength, int storedLength) {
    long end = (long) position + RecordHeader.BYTES + storedLength;
    if (closed || end + tailBytes(rows.size() + 1) > buffer.capacity()) {
      return null;
    }
    TableRow row =
        new TableRow(id.toBytes(), rows.size(), position, storedLength, plainLength, codec);
    rows.add(row);
    position = (int) end;
    unfinished++;
    return row;
  }

  private static long tailBytes(int rows) {
    return RecordHeader.BYTES + (long) rows * TableRow.BYTES + Aead.TAG_BYTES + PackTrailer.BYTES;
  }

  /** The room of a row, to be filled by the thread that reserved it. */
  ByteBuffer room(TableRow row) {
    return buffer.slice(row.offset(), RecordHeader.BYTES + row.storedLength());
  }

  /** Says that a row's room is filled; true if the caller must {@link #finish} the pack. */
  synchronized boolean filled() {
    unfinished--;
    return closed && unfinished == 0;
  }

  /** Takes no more rows; true if the caller must {@link #finish} the pack. */
  synchronized boolean close() {
    if (closed) {
      return false;
    }
    closed = true;
    return unfinished == 0;
  }

  synchronized boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Seals table and trailer; the result is the whole pack, ready to be put. */
  synchronized ByteBuffer finish(Aead aead) {
    ByteBuffer table = ByteBuffer.allocateDirect(rows.size() * TableRow.BYTES);
    rows.forEach(row -> row.write(table));
    table.flip();
    RecordHeader header =
        new RecordHeader(
            Codec.STORED.code(),
            table.remaining(),
            table.remaining() + Aead.TAG_BYTES,
            RecordHeader.TABLE_SLOT,
            0,
            0);
    ByteBuffer out = buffer.duplicate().position(position);
    header.write(out);
    seal.seal(aead, header, table, out);
    new PackTrailer(position, rows.size()).write(out);
    return out.flip();
  }

  /** The memory, to be released after the upload. */
  ByteBuffer buffer() {
    return buffer;
  }
}
