package io.blockmover.cli;

import io.blockmover.api.Cancelled;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.repository.Randomness;
import io.blockmover.repository.crypto.KeySet;
import io.blockmover.repository.fingerprint.PieceFingerprint;
import io.blockmover.repository.pack.ChunkId;
import io.blockmover.repository.pack.ChunkWriter;
import io.blockmover.repository.pack.DataPackWriter;
import io.blockmover.repository.pack.PackBuffers;
import io.blockmover.repository.pack.PackNames;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Times one stage after the other. */
final class BenchStages {

  private static final int READERS = 16;
  private static final int PUTS = 8;
  private static final int SAMPLE_BYTES = 64 << 20;
  private static final int CHUNK_BYTES = 512 << 10;
  private static final int READ_BYTES = 1 << 20;
  private static final int PACK_BYTES = 32 << 20;
  private static final int ALIGNMENT = 4096;
  private static final double NANOS_PER_SECOND = 1e9;

  private final long budgetNanos;

  BenchStages(int seconds) {
    this.budgetNanos = (long) (seconds * NANOS_PER_SECOND);
  }

  /** Reads with many reads in flight, from the start and round again. */
  Result device(BlockSource source, ByteBuffer sample) throws MoverException {
    long blocks = Math.max(1, source.sizeBytes() / READ_BYTES);
    AtomicLong next = new AtomicLong();
    AtomicLong read = new AtomicLong();
    long start = System.nanoTime();
    inParallel(
        READERS,
        () -> {
          ByteBuffer buffer = aligned();
          while (System.nanoTime() - start < budgetNanos) {
            long block = next.getAndIncrement() % blocks;
            buffer.clear();
            read.addAndGet(source.read(block * READ_BYTES, buffer));
            keep(buffer.flip(), sample, block);
          }
          return null;
        });
    double rate = rate(read.get(), System.nanoTime() - start);
    return new Result("read", rate, READERS + " reads of 1 MiB in flight");
  }

  private static void keep(ByteBuffer buffer, ByteBuffer sample, long block) {
    long offset = block * READ_BYTES;
    if (offset + buffer.remaining() <= sample.capacity()) {
      sample.put((int) offset, buffer, 0, buffer.remaining());
    }
  }

  /** What one core does with the sample. */
  List<Result> processor(ByteBuffer sample) throws MoverException {
    byte[] lineage = new byte[16];
    SecureRandom random = new SecureRandom();
    KeySet keys = KeySet.generate(lineage, random);
    PieceFingerprint fingerprint =
        new PieceFingerprint(
            keys.fingerprintKey(), PieceFingerprint.keyWords(keys.fingerprintKey()));
    MemorySegment memory = MemorySegment.ofBuffer(sample);
    MemorySegment zeros = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(CHUNK_BYTES));
    MemorySegment others = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(CHUNK_BYTES));
    byte[] out = new byte[16];
    PackBuffers buffers = new PackBuffers(2, PACK_BYTES);
    PackNames names = new PackNames(1, 2, random.nextLong());
    DataPackWriter packs =
        new DataPackWriter(
            keys, names, buffers, (name, pack, place) -> buffers.release(place), random);
    List<Result> results = new ArrayList<>();
    try (ChunkWriter writer = new ChunkWriter(keys, packs, 1, CHUNK_BYTES)) {
      results.add(core("zero test", "of a chunk that is zero", offset -> zeros.mismatch(others)));
      results.add(
          core(
              "fingerprint",
              "of 64 KiB pieces",
              offset -> {
                for (int at = 0; at < CHUNK_BYTES; at += PieceFingerprint.PIECE_BYTES) {
                  fingerprint.compute(memory, offset + at, PieceFingerprint.PIECE_BYTES, out);
                }
                return out[0];
              }));
      results.add(
          core(
              "chunk id",
              "HMAC-SHA-256",
              offset -> writer.id(sample.slice(offset, CHUNK_BYTES)).a()));
      ChunkId id = writer.id(sample.slice(0, CHUNK_BYTES));
      results.add(
          core(
              "compress and seal",
              "zstd level 1, AES-256-GCM",
              offset -> writer.write(id, sample.slice(offset, CHUNK_BYTES)).offset()));
    }
    return results;
  }

  /** One stage on one chunk of the sample; the answer only keeps the compiler from dropping it. */
  private interface Stage {
    long run(int offset) throws InterruptedException;
  }

  private Result core(String name, String how, Stage stage) throws Cancelled {
    long bytes = 0;
    long sum = 0;
    long start = System.nanoTime();
    long warm = start + budgetNanos / 4;
    boolean measuring = false;
    try {
      for (int offset = 0; ; offset = (offset + CHUNK_BYTES) % SAMPLE_BYTES) {
        sum += stage.run(offset);
        bytes += CHUNK_BYTES;
        long now = System.nanoTime();
        if (!measuring && now > warm) {
          measuring = true;
          bytes = 0;
          start = now;
        } else if (measuring && now - start > budgetNanos) {
          return new Result(
              name, rate(bytes, now - start), how + ", one core" + (sum == 1 ? " " : ""));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("stopped as asked", "", e);
    }
  }

  /** Puts and gets packs of 32 MiB, several at once. */
  List<Result> store(ObjectStore store, ByteBuffer sample) throws MoverException {
    String prefix = "bench/" + Randomness.secure().name() + "/";
    AtomicLong count = new AtomicLong();
    int atOnce = Math.min(PUTS, store.properties().maxConcurrency());
    String how = atOnce + " of 32 MiB at once";
    try {
      long start = System.nanoTime();
      inParallel(
          atOnce,
          () -> {
            while (count.get() < atOnce || System.nanoTime() - start < budgetNanos) {
              String key = prefix + count.getAndIncrement();
              store.putIfAbsent(key, sample.slice(0, PACK_BYTES));
            }
            return null;
          });
      Result put =
          new Result("put", rate(count.get() * PACK_BYTES, System.nanoTime() - start), how);
      return List.of(put, get(store, prefix, count.get(), atOnce));
    } finally {
      List<String> keys = new ArrayList<>();
      for (long i = 0; i < count.get(); i++) {
        keys.add(prefix + i);
      }
      store.deleteAll(keys);
    }
  }

  private Result get(ObjectStore store, String prefix, long objects, int atOnce)
      throws MoverException {
    AtomicLong next = new AtomicLong();
    long start = System.nanoTime();
    inParallel(
        atOnce,
        () -> {
          ByteBuffer buffer = ByteBuffer.allocateDirect(PACK_BYTES / 8);
          while (next.get() < objects || System.nanoTime() - start < budgetNanos) {
            long piece = next.getAndIncrement();
            buffer.clear();
            long offset = piece / objects % 8 * buffer.capacity();
            store.read(prefix + piece % objects, offset, buffer);
          }
          return null;
        });
    long bytes = next.get() * (PACK_BYTES / 8);
    return new Result("get", rate(bytes, System.nanoTime() - start), atOnce + " of 4 MiB at once");
  }

  private static void inParallel(int threads, Callable<@Nullable Void> task) throws MoverException {
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<@Nullable Void>> futures = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        futures.add(pool.submit(task));
      }
      for (Future<@Nullable Void> future : futures) {
        future.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof MoverException cause) {
        throw cause;
      }
      throw new IllegalStateException("a stage failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("stopped as asked", "", e);
    }
  }

  private static ByteBuffer aligned() {
    return ByteBuffer.allocateDirect(READ_BYTES + ALIGNMENT)
        .alignedSlice(ALIGNMENT)
        .limit(READ_BYTES)
        .slice();
  }

  private static double rate(long bytes, long nanos) {
    return bytes * NANOS_PER_SECOND / Math.max(1, nanos);
  }

  /** How fast a stage was. */
  record Result(String stage, double bytesPerSecond, String how) {}

  /** Half random, half of few values: what disks hold when nobody knows better. */
  static void generate(ByteBuffer sample) {
    SplittableRandom random = new SplittableRandom(1);
    while (sample.remaining() >= Long.BYTES) {
      boolean noise = (sample.position() >> 16) % 2 == 0;
      sample.putLong(noise ? random.nextLong() : random.nextLong(64) * 0x0101L);
    }
    sample.clear();
  }
}
