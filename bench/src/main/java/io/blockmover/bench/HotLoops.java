package io.blockmover.bench;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import io.blockmover.repository.crypto.Aead;
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
import java.util.concurrent.TimeUnit;
import javax.crypto.SecretKey;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a backup does to each chunk, loop by loop, by one thread; one operation is one chunk. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "-XX:+UseSerialGC",
      "-XX:MaxDirectMemorySize=1g",
      "--enable-native-access=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow"
    })
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@SuppressWarnings("NullAway.Init")
public class HotLoops {

  private static final int PACK_BYTES = 32 << 20;

  private final KeySet keys = KeySet.generate(new byte[16], new SecureRandom());
  private final ByteBuffer[] zeros = Content.zeros();
  private final ByteBuffer[] random = Content.random(1);
  private final ByteBuffer[] text = Content.text(2);
  private final MemorySegment zeroPiece =
      MemorySegment.ofArray(new long[PieceFingerprint.PIECE_BYTES / Long.BYTES]);
  private final PieceFingerprint fingerprint =
      new PieceFingerprint(keys.fingerprintKey(), PieceFingerprint.keyWords(keys.fingerprintKey()));
  private final byte[] found = new byte[16];
  private final Aead aead = new Aead();
  private final SecretKey key = Aead.key(new byte[32]);
  private final ByteBuffer nonce = ByteBuffer.allocate(Aead.NONCE_BYTES);
  private final ByteBuffer out = ByteBuffer.allocateDirect(Content.CHUNK_BYTES + Aead.TAG_BYTES);
  private final ZstdCompressCtx zstd = new ZstdCompressCtx();
  private ChunkWriter writer;
  private int next;

  @Setup
  public void open() {
    PackBuffers buffers = new PackBuffers(2, PACK_BYTES);
    DataPackWriter packs =
        new DataPackWriter(
            keys,
            new PackNames(1, 2, 3),
            buffers,
            (name, pack, memory) -> buffers.release(memory),
            new SecureRandom());
    writer = new ChunkWriter(keys, packs, 1, Content.CHUNK_BYTES);
    zstd.setLevel(1).setContentSize(true).setChecksum(false);
  }

  @TearDown
  public void close() {
    writer.close();
    zstd.close();
  }

  private ByteBuffer pick(ByteBuffer[] chunks) {
    next = (next + 1) % Content.CHUNKS;
    return chunks[next].clear();
  }

  @Benchmark
  public boolean zeroTest() {
    MemorySegment chunk = MemorySegment.ofBuffer(pick(zeros));
    long piece = zeroPiece.byteSize();
    boolean zero = true;
    for (long at = 0; at < chunk.byteSize(); at += piece) {
      zero &= MemorySegment.mismatch(chunk, at, at + piece, zeroPiece, 0, piece) < 0;
    }
    return zero;
  }

  @Benchmark
  public byte[] fingerprint() {
    MemorySegment chunk = MemorySegment.ofBuffer(pick(random));
    for (long at = 0; at < chunk.byteSize(); at += PieceFingerprint.PIECE_BYTES) {
      fingerprint.compute(chunk, at, PieceFingerprint.PIECE_BYTES, found);
    }
    return found;
  }

  @Benchmark
  public ChunkId hash() {
    return writer.id(pick(random));
  }

  @Benchmark
  public int compressText() {
    return compress(pick(text));
  }

  @Benchmark
  public int compressRandom() {
    return compress(pick(random));
  }

  private int compress(ByteBuffer chunk) {
    try {
      int room = Content.CHUNK_BYTES - Content.CHUNK_BYTES / 20;
      return zstd.compressDirectByteBuffer(out, 0, room, chunk, 0, Content.CHUNK_BYTES);
    } catch (ZstdException e) {
      return 0; // does not fit, as with chunks that are stored as they are
    }
  }

  @Benchmark
  public ByteBuffer seal() {
    nonce.putInt(0, nonce.getInt(0) + 1);
    aead.seal(key, nonce.array(), new byte[85], pick(random), out.clear());
    return out;
  }

  /** Hash, compress, seal and pack: all that a new chunk pays after the fingerprint. */
  @Benchmark
  public Object packText() throws InterruptedException {
    ByteBuffer chunk = pick(text);
    return writer.write(writer.id(chunk), chunk);
  }

  @Benchmark
  public Object packRandom() throws InterruptedException {
    ByteBuffer chunk = pick(random);
    return writer.write(writer.id(chunk), chunk);
  }
}
