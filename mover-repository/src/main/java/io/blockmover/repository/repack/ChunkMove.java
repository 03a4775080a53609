package io.blockmover.repository.repack;

import io.blockmover.api.Cancelled;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.repository.Parallel;
import io.blockmover.repository.Repository;
import io.blockmover.repository.pack.ChunkId;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.ChunkReader;
import io.blockmover.repository.pack.ChunkWriter;
import io.blockmover.repository.pack.DataKeys;
import io.blockmover.repository.pack.DataPackWriter;
import io.blockmover.repository.pack.PackBuffers;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackNames;
import io.blockmover.repository.pack.PackUploader;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores chunks again, in new packs and in the order given. Each is authenticated, and its id made
 * anew from its content: what is broken stays where it is. Memory: two packs, and the ranges that
 * are read at once. For one thread.
 */
final class ChunkMove {

  private static final Logger LOG = LoggerFactory.getLogger(ChunkMove.class);
  private static final int ZSTD_LEVEL = 1;
  private static final int BUFFERS = 2;
  private static final int MAX_CHUNK_BYTES = 4 << 20;
  private static final int MAX_RANGE_BYTES = 4 << 20;
  private static final int MAX_GAP_BYTES = 256 << 10;

  private final Repository repository;
  private final Parallel parallel;
  private final RepackWatch watch;
  private final Set<PackName> broken = new TreeSet<>();

  ChunkMove(Repository repository, Parallel parallel, RepackWatch watch) {
    this.repository = repository;
    this.parallel = parallel;
    this.watch = watch;
  }

  /** Chunks that lie close in one pack. */
  private record Range(PackName pack, int from, int length, List<ChunkLocation> chunks) {}

  /**
   * Moves them.
   *
   * @param packBytes size of the new packs
   * @return where they are, durably; nothing of packs of which a chunk is damaged or lost
   */
  MovedChunks move(List<ChunkLocation> chunks, PackNames names, int packBytes)
      throws MoverException {
    MovedChunks moved = new MovedChunks();
    PackBuffers buffers = new PackBuffers(BUFFERS, packBytes);
    PackUploader uploader =
        new PackUploader(repository.store(), buffers, parallel.executor(), moved::stored);
    DataPackWriter packs =
        new DataPackWriter(repository.keys(), names, buffers, uploader, new SecureRandom());
    DataKeys dataKeys = new DataKeys(repository.store(), repository.keys());
    try (ChunkReader reader = new ChunkReader(dataKeys, repository.keys());
        ChunkWriter writer =
            new ChunkWriter(repository.keys(), packs, ZSTD_LEVEL, MAX_CHUNK_BYTES)) {
      ByteBuffer plain = ByteBuffer.allocateDirect(MAX_CHUNK_BYTES);
      List<Range> ranges = ranges(chunks);
      for (int i = 0; i < ranges.size(); i += parallel.width()) {
        List<Range> some = ranges.subList(i, Math.min(ranges.size(), i + parallel.width()));
        List<Optional<ByteBuffer>> read = parallel.map(some, this::read);
        for (int j = 0; j < some.size(); j++) {
          watch.check();
          uploader.requireHealthy();
          if (read.get(j).isPresent()) {
            store(some.get(j), read.get(j).get(), reader, writer, plain, moved);
          }
        }
      }
      packs.flush();
      uploader.drain();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("interrupted while packs were written anew", "", e);
    }
    moved.undo(broken);
    return moved;
  }

  private static List<Range> ranges(List<ChunkLocation> chunks) {
    List<Range> ranges = new ArrayList<>();
    for (ChunkLocation chunk : chunks) {
      Range last = ranges.isEmpty() ? null : ranges.getLast();
      if (last != null && last.pack().equals(chunk.pack())) {
        long gap = (long) chunk.offset() - (last.from() + last.length());
        long length = (long) chunk.endOffset() - last.from();
        if (gap >= 0 && gap <= MAX_GAP_BYTES && length <= MAX_RANGE_BYTES) {
          List<ChunkLocation> more = last.chunks();
          more.add(chunk);
          ranges.set(ranges.size() - 1, new Range(last.pack(), last.from(), (int) length, more));
          continue;
        }
      }
      List<ChunkLocation> first = new ArrayList<>(List.of(chunk));
      int length = chunk.endOffset() - chunk.offset();
      ranges.add(new Range(chunk.pack(), chunk.offset(), length, first));
    }
    return ranges;
  }

  /** Empty if it is lost. */
  private Optional<ByteBuffer> read(Range range) throws MoverException {
    if (range.length() < 1 || range.length() > 2 * MAX_RANGE_BYTES) {
      lost(range.pack(), "records of " + range.length() + " bytes are named in it");
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.allocateDirect(range.length());
    try {
      repository.store().read(PackKind.DATA.keyOf(range.pack()), range.from(), bytes);
      return Optional.of(bytes.flip());
    } catch (CorruptData | ObjectNotFound e) {
      lost(range.pack(), e.getMessage());
      return Optional.empty();
    }
  }

  private void store(
      Range range,
      ByteBuffer bytes,
      ChunkReader reader,
      ChunkWriter writer,
      ByteBuffer plain,
      MovedChunks moved)
      throws MoverException, InterruptedException {
    for (ChunkLocation chunk : range.chunks()) {
      if (chunk.plainLength() > MAX_CHUNK_BYTES) {
        lost(chunk.pack(), "a chunk of " + chunk.plainLength() + " bytes");
        return;
      }
      plain.clear();
      try {
        int at = chunk.offset() - range.from();
        reader.open(chunk, bytes.slice(at, chunk.endOffset() - chunk.offset()), plain);
      } catch (CorruptData e) {
        lost(chunk.pack(), e.getMessage());
        return;
      }
      plain.flip();
      ChunkId id = writer.id(plain);
      if (id.a() != chunk.idHigh() || id.b() != chunk.idLow()) {
        lost(chunk.pack(), "the chunk at offset " + chunk.offset() + " has another id");
        return;
      }
      moved.moved(chunk, writer.write(id, plain));
    }
  }

  private synchronized void lost(PackName pack, @Nullable String why) {
    if (broken.add(pack)) {
      LOG.warn("{} stays as it is, for it is damaged: {}", PackKind.DATA.keyOf(pack), why);
    }
  }
}
