package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.VersionTag;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets the thread that makes one chosen request wait there for ever; the others go on. */
final class PausingStore extends ForwardingObjectStore {

  private final PausePoint point;
  private final AtomicInteger matches = new AtomicInteger();

  PausingStore(ObjectStore next, PausePoint point) {
    super(next);
    this.point = point;
  }

  @Override
  public VersionTag put(String key, ByteBuffer body) throws MoverException {
    return around("put", key, () -> next().put(key, body));
  }

  @Override
  public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
    return around("put", key, () -> next().putIfAbsent(key, body));
  }

  @Override
  public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
      throws MoverException {
    return around("put", key, () -> next().replace(key, body, expected));
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) throws MoverException {
    around(
        "read",
        key,
        () -> {
          next().read(key, offset, into);
          return key;
        });
  }

  @Override
  public void delete(String key) throws MoverException {
    around(
        "delete",
        key,
        () -> {
          next().delete(key);
          return key;
        });
  }

  @Override
  public void deleteAll(Collection<String> keys) throws MoverException {
    for (String key : List.copyOf(keys)) {
      delete(key);
    }
  }

  private <T> T around(String operation, String key, Request<T> request) throws MoverException {
    boolean here = point.matches(operation, key) && matches.incrementAndGet() == point.nth();
    if (here && !point.applied()) {
      pause();
    }
    T result = request.send();
    if (here) {
      pause();
    }
    return result;
  }

  private static void pause() {
    System.out.println(PausePoint.REACHED);
    System.out.flush();
    while (true) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        // nothing but SIGKILL ends this
      }
    }
  }

  private interface Request<T> {
    T send() throws MoverException;
  }
}
