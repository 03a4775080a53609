package io.blockmover.engine.device;

import io.blockmover.api.Cancelled;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.LinkedBlockingDeque;

/**
 * A fixed number of direct buffers for O_DIRECT, outside the heap. Taking one blocks while all are
 * out: that is the back-pressure of everything that reads. The buffer given back last is handed out
 * first, while it is still in the processor's cache. Thread-safe.
 */
public final class AlignedBufferPool implements AutoCloseable {
  private static final long PAGE_BYTES = 4096;
  private static final long HUGE_PAGE_BYTES = 2 << 20;

  private final Arena arena = Arena.ofShared();
  private final LinkedBlockingDeque<ByteBuffer> free = new LinkedBlockingDeque<>();
  private final Set<ByteBuffer> taken =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
  private final int bufferBytes;

  /**
   * @param count how many buffers
   * @param bufferBytes size of each, a multiple of 4096
   */
  public AlignedBufferPool(int count, int bufferBytes) {
    if (count < 1 || bufferBytes < 1 || bufferBytes % PAGE_BYTES != 0) {
      throw new IllegalArgumentException(count + " buffers of " + bufferBytes + " bytes");
    }
    this.bufferBytes = bufferBytes;
    MemorySegment all =
        NativeIo.map(Math.multiplyExact((long) count, bufferBytes), HUGE_PAGE_BYTES, arena);
    for (int i = 0; i < count; i++) {
      free.add(all.asSlice((long) i * bufferBytes, bufferBytes).asByteBuffer());
    }
  }

  /** The size of each buffer. */
  public int bufferBytes() {
    return bufferBytes;
  }

  /** How many could be taken now without waiting. */
  public int available() {
    return free.size();
  }

  /**
   * Waits for a buffer, empty and with whatever bytes it last held.
   *
   * @throws Cancelled if the thread is interrupted; the flag stays set
   */
  public ByteBuffer take() throws Cancelled {
    try {
      ByteBuffer buffer = free.takeFirst().clear();
      taken.add(buffer);
      return buffer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("interrupted while waiting for a buffer", "", e);
    }
  }

  /**
   * Takes a buffer back; nobody may use it, or a view of it, any more.
   *
   * @throws IllegalArgumentException if it was not taken from this pool, or came back already
   */
  public void giveBack(ByteBuffer buffer) {
    if (!taken.remove(buffer)) {
      throw new IllegalArgumentException("not a buffer taken from this pool");
    }
    free.addFirst(buffer);
  }

  /** Frees the memory: buffers that are still out become unusable. Repeating is harmless. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
