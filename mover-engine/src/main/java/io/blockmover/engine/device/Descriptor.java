package io.blockmover.engine.device;

import io.blockmover.api.DeviceFailed;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file descriptor that many threads use. It is freed by the last user after {@link #close()}, so
 * that no call ever lands on a number that the system has given to another file, and closing never
 * waits for a device that hangs.
 */
final class Descriptor implements AutoCloseable {
  private final String name;
  private final int fd;
  private final AtomicInteger users = new AtomicInteger(1);
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param name what it is, for messages
   */
  Descriptor(String name, int fd) {
    this.name = name;
    this.fd = fd;
  }

  /**
   * The number, for calls until {@link #leave()}.
   *
   * @throws DeviceFailed if it is closed
   */
  int enter() throws DeviceFailed {
    int now = users.get();
    while (!closed.get() && now > 0) {
      if (users.compareAndSet(now, now + 1)) {
        return fd;
      }
      now = users.get();
    }
    throw new DeviceFailed(name + " is closed", "");
  }

  void leave() {
    if (users.decrementAndGet() == 0) {
      NativeIo.close(fd);
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      leave();
    }
  }
}
