package io.blockmover.repository.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.StoreFull;
import io.blockmover.api.store.StoreOperation;
import io.blockmover.repository.crypto.KeySet;
import io.blockmover.testkit.ConcurrentRun;
import io.blockmover.testkit.Fault;
import io.blockmover.testkit.FaultyObjectStore;
import io.blockmover.testkit.MemoryObjectStore;
import io.blockmover.testkit.TestSeed;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DataPackTest {

  private static final int CHUNK = 64 * 1024;

  private final SecureRandom secure = new SecureRandom();
  private final KeySet keys = KeySet.generate(new byte[16], secure);
  private final MemoryObjectStore store = new MemoryObjectStore();
  private final FaultyObjectStore faulty = new FaultyObjectStore(store);
  private final PackNames names = new PackNames(1, 2, 3);
  private final PackBuffers buffers = new PackBuffers(3, 1 << 20);
  private final ExecutorService threads = Executors.newFixedThreadPool(3);
  private final List<PackReference> durable =
      java.util.Collections.synchronizedList(new java.util.ArrayList<>());
  private final PackUploader uploader = new PackUploader(faulty, buffers, threads, durable::add);
  private final DataPackWriter packs = new DataPackWriter(keys, names, buffers, uploader, secure);

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  private static ByteBuffer content(Random random, int length, boolean compressible) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    if (compressible) {
      for (int i = 0; i < length; i++) {
        bytes[i] &= 3;
      }
    }
    return ByteBuffer.allocateDirect(length).put(bytes).flip();
  }

  private ChunkLocation write(ByteBuffer content) throws Exception {
    try (ChunkWriter writer = new ChunkWriter(keys, packs, 1, CHUNK)) {
      return writer.write(writer.id(content), content);
    }
  }

  private ByteBuffer read(ChunkLocation location, KeySet with) throws MoverException {
    ByteBuffer record = ByteBuffer.allocateDirect(location.endOffset() - location.offset());
    store.read(PackKind.DATA.keyOf(location.pack()), location.offset(), record);
    ByteBuffer out = ByteBuffer.allocateDirect(location.plainLength());
    try (ChunkReader reader = new ChunkReader(new DataKeys(store, with), with)) {
      reader.open(location, record.flip(), out);
      assertThat(reader.hasId(location, out.flip())).isTrue();
      return out;
    }
  }

  @Test
  void manyThreadsFillPacksAndEveryChunkComesBack() throws Exception {
    Random seeds = TestSeed.random("packs");
    long seed = seeds.nextLong();
    Map<ChunkLocation, ByteBuffer> written = new ConcurrentHashMap<>();
    List<java.util.concurrent.Callable<Boolean>> tasks = new java.util.ArrayList<>();
    for (int thread = 0; thread < 6; thread++) {
      Random random = new Random(seed + thread);
      tasks.add(
          () -> {
            for (int i = 0; i < 30; i++) {
              ByteBuffer content = content(random, 1 + random.nextInt(CHUNK), i % 2 == 0);
              written.put(write(content), content);
            }
            return true;
          });
    }
    ConcurrentRun.all(tasks);
    packs.flush();
    uploader.drain();
    assertThat(written).hasSize(180);
    for (Map.Entry<ChunkLocation, ByteBuffer> entry : written.entrySet()) {
      assertThat(read(entry.getKey(), keys)).isEqualTo(entry.getValue());
    }
    assertThat(durable).hasSameSizeAs(store.keys("d/"));
  }

  @Test
  void whatShrinksIsStoredCompressedAndWhatDoesNotIsNot() throws Exception {
    Random random = TestSeed.random("codec");
    ChunkLocation small = write(content(random, CHUNK, true));
    ChunkLocation whole = write(content(random, CHUNK, false));
    assertThat(small.storedLength()).isLessThan(CHUNK / 2);
    assertThat(whole.storedLength()).isEqualTo(CHUNK + 16);
  }

  @Test
  void everyFlippedBitOfARecordIsFound() throws Exception {
    ChunkLocation location = write(content(TestSeed.random("flip"), 600, true));
    packs.flush();
    uploader.drain();
    String key = PackKind.DATA.keyOf(location.pack());
    for (int at = location.offset(); at < location.endOffset(); at++) {
      int position = at;
      store.damage(key, bytes -> flip(bytes, position));
      assertThatExceptionOfType(CorruptData.class)
          .as("byte %d", position - location.offset())
          .isThrownBy(() -> read(location, keys))
          .withMessageContaining(key);
      store.damage(key, bytes -> flip(bytes, position));
    }
    assertThat(read(location, keys).remaining()).isEqualTo(600);
  }

  private static byte[] flip(byte[] bytes, int at) {
    bytes[at] ^= 1;
    return bytes;
  }

  @Test
  void aChunkIsNotAcceptedForAnother() throws Exception {
    Random random = TestSeed.random("swap");
    ChunkLocation one = write(content(random, 1000, false));
    ChunkLocation two = write(content(random, 1000, false));
    packs.flush();
    uploader.drain();
    ChunkLocation lying =
        new ChunkLocation(
            one.idHigh(),
            one.idLow(),
            two.pack(),
            two.offset(),
            two.storedLength(),
            two.plainLength());
    assertThatExceptionOfType(CorruptData.class).isThrownBy(() -> read(lying, keys));
  }

  @Test
  void keysWithoutThePrivateHalfWriteAndDoNotRead() throws Exception {
    ChunkLocation location = write(content(TestSeed.random("write-only"), 1000, false));
    packs.flush();
    uploader.drain();
    assertThatExceptionOfType(AccessDenied.class)
        .isThrownBy(() -> read(location, keys.writeOnly()));
  }

  @Test
  void aFailedUploadFailsTheRunAndFreesItsMemory() throws Exception {
    faulty.always(StoreOperation.PUT_IF_ABSENT, "d/", Fault.full());
    Random random = TestSeed.random("full");
    for (int i = 0; i < 100; i++) {
      write(content(random, CHUNK, false)); // would wait for ever if buffers were lost
    }
    packs.flush();
    assertThatExceptionOfType(StoreFull.class).isThrownBy(uploader::drain);
    assertThatExceptionOfType(StoreFull.class).isThrownBy(uploader::requireHealthy);
  }

  @Test
  void anUploadThatEndsInAnErrorIsNoHealthyOne() throws Exception {
    PackUploader broken =
        new PackUploader(
            store,
            buffers,
            threads,
            pack -> {
              throw new IllegalStateException("a bug");
            });
    ByteBuffer memory = buffers.take();
    broken.accept(names.next(), memory.duplicate().limit(10), memory);
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(broken::drain);
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(broken::requireHealthy);
  }
}
