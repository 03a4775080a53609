package io.blockmover.repository.pack;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The memory for packs: a fixed number of direct buffers, made when first needed and used again and
 * again (allocating them anew cost seconds of system time per 2 GiB). Who takes one waits for one:
 * this is the back-pressure of uploads on reading. Thread-safe.
 */
public final class PackBuffers {

  /** Aligned so that a store may write them past the page cache. */
  private static final int PAGE_BYTES = 4096;

  private final BlockingQueue<ByteBuffer> free;
  private final int count;
  private final int capacityBytes;
  private int made;

  /**
   * @param count how many buffers there are at most
   * @param capacityBytes of each
   */
  public PackBuffers(int count, int capacityBytes) {
    this.free = new ArrayBlockingQueue<>(count);
    this.count = count;
    this.capacityBytes = capacityBytes;
  }

  /** Size of each buffer. */
  public int capacityBytes() {
    return capacityBytes;
  }

  /** An empty buffer; waits for one to be released if all are in use. */
  public ByteBuffer take() throws InterruptedException {
    ByteBuffer buffer = free.poll();
    if (buffer == null) {
      buffer = make();
    }
    return (buffer == null ? free.take() : buffer).clear();
  }

  private synchronized @org.jspecify.annotations.Nullable ByteBuffer make() {
    if (made == count) {
      return null;
    }
    made++;
    return ByteBuffer.allocateDirect(capacityBytes + PAGE_BYTES)
        .alignedSlice(PAGE_BYTES)
        .slice(0, capacityBytes);
  }

  /** Gives a buffer back. */
  public void release(ByteBuffer buffer) {
    free.add(buffer);
  }
}
