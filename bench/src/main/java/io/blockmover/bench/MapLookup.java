package io.blockmover.bench;

import io.blockmover.api.MoverException;
import io.blockmover.repository.crypto.KeySet;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.map.LayeredMap;
import io.blockmover.repository.map.MapCursor;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.map.MapLayerWriter;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackNames;
import io.blockmover.testkit.MemoryObjectStore;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Walks the map of 64 GiB, a base under an overlay that changed 1 %; one operation is one cell. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@SuppressWarnings("NullAway.Init")
public class MapLookup {

  private static final int CELLS = 128 * 1024;
  private static final long VOLUME_BYTES = (long) CELLS * Content.CHUNK_BYTES;
  private static final int PIECE_BYTES = 64 * 1024;

  private LayeredMap map;

  @Setup
  public void write() throws MoverException {
    KeySet keys = KeySet.generate(new byte[16], new SecureRandom());
    MetadataStore store = new MetadataStore(new MemoryObjectStore(), keys);
    PackNames names = new PackNames(1, 2, 3);
    Random random = new Random(1);
    MapLayerWriter base = new MapLayerWriter(store, names, VOLUME_BYTES, Content.CHUNK_BYTES);
    MapLayerWriter overlay = new MapLayerWriter(store, names, VOLUME_BYTES, Content.CHUNK_BYTES);
    for (int cell = 0; cell < CELLS; cell++) {
      long offset = (long) cell * Content.CHUNK_BYTES;
      base.add(data(random, offset, Content.CHUNK_BYTES));
      if (random.nextInt(100) == 0) {
        overlay.add(data(random, offset + 3 * PIECE_BYTES, PIECE_BYTES));
      }
    }
    Layer lower = base.finish();
    map = new LayeredMap(store, List.of(lower, overlay.finish()), VOLUME_BYTES);
  }

  private static MapEntry data(Random random, long offset, int length) {
    PackName pack = new PackName(7, 8, 9, (int) (offset >>> 25));
    ChunkLocation location =
        new ChunkLocation(random.nextLong(), random.nextLong(), pack, 0, length + 16, length);
    return new MapEntry.Data(offset, length, location, 0);
  }

  @Benchmark
  @OperationsPerInvocation(CELLS)
  public long mapLookup() throws MoverException {
    MapCursor cursor = map.cursor(0);
    long entries = 0;
    for (long at = 0; at < VOLUME_BYTES; at += Content.CHUNK_BYTES) {
      entries += cursor.within(at, at + Content.CHUNK_BYTES).size();
    }
    return entries;
  }
}
