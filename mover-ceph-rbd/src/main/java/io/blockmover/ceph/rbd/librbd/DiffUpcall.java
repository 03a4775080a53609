package io.blockmover.ceph.rbd.librbd;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * librbd's way back into Java: {@code int (*)(uint64_t offset, size_t length, int exists, void *)}.
 * A Throwable that left it would end the process, so all are kept and thrown after the diff. One
 * stub serves all diffs; which one is meant stands in its last argument.
 */
final class DiffUpcall implements AutoCloseable {

  private static final int GO_ON = 0;
  private static final int STOP = -CephErrno.CANCELLED.number();

  private static final Map<Long, DiffUpcall> RUNNING = new ConcurrentHashMap<>();
  private static final AtomicLong NEXT = new AtomicLong(1);
  private static final long FUNCTION = stub();

  private final long id = NEXT.getAndIncrement();
  private final DiffReceiver receiver;
  private boolean stopped;
  private @Nullable Throwable thrown;

  DiffUpcall(DiffReceiver receiver) {
    this.receiver = receiver;
    RUNNING.put(id, this);
  }

  private static long stub() {
    try {
      return Linker.nativeLinker()
          .upcallStub(
              MethodHandles.lookup()
                  .findStatic(
                      DiffUpcall.class,
                      "call",
                      MethodType.methodType(
                          int.class, long.class, long.class, int.class, long.class)),
              FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG),
              Arena.global())
          .address();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("upcall of a diff", e);
    }
  }

  /** Called by librbd only, on the thread that asked. */
  static int call(long offset, long length, int exists, long id) {
    DiffUpcall running = RUNNING.get(id);
    return running == null ? STOP : running.take(offset, length, exists);
  }

  private int take(long offset, long length, int exists) {
    // An exact diff may call again after it was told to stop.
    if (!stopped) {
      try {
        stopped = length != 0 && !receiver.extent(offset, length, exists != 0);
      } catch (Throwable e) {
        thrown = e;
        stopped = true;
      }
    }
    return stopped ? STOP : GO_ON;
  }

  /** The function to hand to librbd. */
  static long function() {
    return FUNCTION;
  }

  /** The {@code void *} to hand to librbd with it. */
  long argument() {
    return id;
  }

  /** Whether the receiver saw all; throws what it threw. */
  boolean finished() {
    if (thrown instanceof Error e) {
      throw e;
    }
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    return !stopped;
  }

  @Override
  public void close() {
    RUNNING.remove(id);
  }
}
