package io.blockmover.engine.backup;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.StoreUnavailable;
import io.blockmover.repository.crypto.KeySet;
import io.blockmover.repository.pack.ChunkWriter;
import io.blockmover.repository.pack.DataPackWriter;
import io.blockmover.repository.pack.PackBuffers;
import io.blockmover.repository.pack.PackNames;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeduplicationTest {

  private static final int CHUNK = 64 * 1024;

  private final SecureRandom secure = new SecureRandom();
  private final KeySet keys = KeySet.generate(new byte[16], secure);
  private @Nullable Deduplication deduplication;
  private @Nullable FutureTask<Object> second;

  @Test
  void whoWaitsForAChunkFailsAsItsWriterDid() {
    StoreUnavailable failure = new StoreUnavailable("down", Duration.ZERO, null);
    deduplication =
        new Deduplication(
            new SessionChunks(16),
            (id, length) -> {
              awaitSecond();
              throw failure;
            },
            chunk -> {});
    assertThatThrownBy(this::place).isSameAs(failure);
    assertThatThrownBy(second::get).isInstanceOf(ExecutionException.class).hasCause(failure);
  }

  /** Stores the same chunk in another thread, and returns when that waits for this one. */
  private void awaitSecond() {
    second = new FutureTask<>(this::place);
    Thread thread = Thread.ofPlatform().daemon().start(second);
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  private Object place() throws Exception {
    PackNames names = new PackNames(1, 2, 3);
    DataPackWriter packs =
        new DataPackWriter(keys, names, new PackBuffers(1, 1 << 20), (n, p, m) -> {}, secure);
    try (ChunkWriter writer = new ChunkWriter(keys, packs, 1, CHUNK)) {
      return deduplication.place(ByteBuffer.allocateDirect(CHUNK), writer);
    }
  }
}
