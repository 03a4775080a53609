package io.blockmover.repository.pack;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts finished packs, several at once, each by one request. The number under way is bounded by the
 * pack buffers: a pack holds its buffer until it is durable. Thread-safe.
 */
public final class PackUploader implements PackSink {

  private final ObjectStore store;
  private final PackBuffers buffers;
  private final Executor executor;
  private final Consumer<PackReference> durable;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private int underWay;

  /**
   * @param store with retries
   * @param executor runs one upload per task; must not run it in the calling thread
   * @param durable told of each pack that is in the store, by the uploading thread
   */
  public PackUploader(
      ObjectStore store, PackBuffers buffers, Executor executor, Consumer<PackReference> durable) {
    this.store = store;
    this.buffers = buffers;
    this.executor = executor;
    this.durable = durable;
  }

  @Override
  public void accept(PackName name, ByteBuffer pack, ByteBuffer memory) {
    synchronized (this) {
      underWay++;
    }
    executor.execute(() -> upload(name, pack, memory));
  }

  private void upload(PackName name, ByteBuffer pack, ByteBuffer memory) {
    try {
      if (failure.get() == null) {
        int size = pack.remaining();
        store.putIfAbsent(PackKind.DATA.keyOf(name), pack);
        durable.accept(new PackReference(name, size));
      }
    } catch (MoverException | RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    } finally {
      end(memory);
    }
  }

  /** Whatever happens, nobody may wait for this upload any more. */
  private void end(ByteBuffer memory) {
    try {
      buffers.release(memory);
    } finally {
      synchronized (this) {
        underWay--;
        notifyAll();
      }
    }
  }

  /**
   * Fails as soon as any upload has failed.
   *
   * @throws MoverException what the store said first
   */
  public void requireHealthy() throws MoverException {
    switch (failure.get()) {
      case null -> {}
      case MoverException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  /** Waits until nothing is under way; then as {@link #requireHealthy}. */
  public void drain() throws MoverException, InterruptedException {
    synchronized (this) {
      while (underWay > 0) {
        wait();
      }
    }
    requireHealthy();
  }
}
