package io.blockmover.repository.pack;

import io.blockmover.repository.crypto.Aead;
import io.blockmover.repository.crypto.KeySet;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * The data packs of one run: one is open at a time and filled by all threads in turn, so that packs
 * follow the volume's order. Thread-safe; see {@link ChunkWriter} for the threads' side.
 */
public final class DataPackWriter {

  private final KeySet keys;
  private final PackNames names;
  private final DataKey dataKey;
  private final PackBuffers buffers;
  private final PackSink sink;
  private @Nullable OpenPack current;

  public DataPackWriter(
      KeySet keys, PackNames names, PackBuffers buffers, PackSink sink, SecureRandom random) {
    this.keys = keys;
    this.names = names;
    this.dataKey = DataKey.draw(keys, names, random);
    this.buffers = buffers;
    this.sink = sink;
  }

  /** Seals a chunk into a pack; {@code plain} is consumed. */
  ChunkLocation write(ChunkId id, Codec codec, int plainLength, ByteBuffer plain, Aead aead)
      throws InterruptedException {
    int storedLength = plain.remaining() + Aead.TAG_BYTES;
    OpenPack pack;
    TableRow row;
    while (true) {
      pack = current();
      row = pack.reserve(id, codec.code(), plainLength, storedLength);
      if (row != null) {
        break;
      }
      retire(pack, aead);
    }
    ByteBuffer room = pack.room(row);
    RecordHeader header = row.header(PackKind.DATA);
    header.write(room);
    pack.seal().seal(aead, header, plain, room);
    if (pack.filled()) {
      send(pack, aead);
    }
    return new ChunkLocation(id.a(), id.b(), pack.name(), row.offset(), storedLength, plainLength);
  }

  private synchronized OpenPack current() throws InterruptedException {
    OpenPack pack = current;
    if (pack == null) {
      PackName name = names.next();
      PackSeal seal = new PackSeal(keys.lineage(), dataKey.key(), PackKind.DATA, name);
      pack = new OpenPack(name, seal, buffers.take(), dataKey);
      current = pack;
    }
    return pack;
  }

  private void retire(OpenPack full, Aead aead) throws InterruptedException {
    if (full.isEmpty()) {
      throw new IllegalStateException("a chunk is larger than a pack");
    }
    synchronized (this) {
      if (current == full) {
        current = null;
      }
    }
    if (full.close()) {
      send(full, aead);
    }
  }

  private void send(OpenPack pack, Aead aead) throws InterruptedException {
    sink.accept(pack.name(), pack.finish(aead), pack.buffer());
  }

  /** Sends the pack that is open, if it holds anything, while others go on writing. */
  public void sendOpen() throws InterruptedException {
    OpenPack open;
    synchronized (this) {
      open = current;
      if (open == null || open.isEmpty()) {
        return;
      }
      current = null;
    }
    if (open.close()) {
      send(open, new Aead());
    }
  }

  /**
   * Sends the pack that is open, however small. Call it when no chunk is being written; more may be
   * written after.
   */
  public void flush() throws InterruptedException {
    OpenPack last;
    synchronized (this) {
      last = current;
      current = null;
    }
    if (last != null && last.close()) {
      send(last, new Aead());
    }
  }
}
