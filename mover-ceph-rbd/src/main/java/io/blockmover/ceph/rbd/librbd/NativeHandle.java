package io.blockmover.ceph.rbd.librbd;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A pointer of the C libraries. It is destroyed once, after what was opened from it, and after the
 * calls that use it: a pointer that is used after its end would take the whole process with it.
 */
final class NativeHandle implements AutoCloseable {

  /** A call with the pointer. */
  interface Use<T extends @Nullable Object> {
    T with(long address) throws CephFailure;
  }

  private final String name;
  private final @Nullable NativeHandle parent;
  private final LongConsumer destroy;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final Set<NativeHandle> children = new LinkedHashSet<>();
  private long address;

  private NativeHandle(
      String name, @Nullable NativeHandle parent, long address, LongConsumer destroy) {
    this.name = name;
    this.parent = parent;
    this.address = address;
    this.destroy = destroy;
  }

  static NativeHandle root(String name, long address, LongConsumer destroy) {
    return new NativeHandle(name, null, address, destroy);
  }

  /** Opens something from this. */
  NativeHandle open(String childName, Use<Long> opener, LongConsumer destroyChild)
      throws CephFailure {
    return use(
        here -> {
          NativeHandle child = new NativeHandle(childName, this, opener.with(here), destroyChild);
          synchronized (children) {
            children.add(child);
          }
          return child;
        });
  }

  /** What it is, for messages. */
  String name() {
    return name;
  }

  /** Calls with the pointer, which stays valid until the call returns. */
  <T extends @Nullable Object> T use(Use<T> use) throws CephFailure {
    lock.readLock().lock();
    try {
      if (address == 0) {
        throw new CephFailure("this program", name, CephErrno.CLOSED.number());
      }
      return use.with(address);
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void close() {
    if (lock.getReadHoldCount() > 0) {
      throw new IllegalStateException(name + " cannot be closed from within one of its calls");
    }
    lock.writeLock().lock();
    try {
      if (address == 0) {
        return;
      }
      openChildren().reversed().forEach(NativeHandle::close);
      destroy.accept(address);
      address = 0;
    } finally {
      lock.writeLock().unlock();
    }
    if (parent != null) {
      synchronized (parent.children) {
        parent.children.remove(this);
      }
    }
  }

  private List<NativeHandle> openChildren() {
    synchronized (children) {
      return List.copyOf(children);
    }
  }
}
