package io.blockmover.testkit;

import io.blockmover.api.Cancelled;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.WriteOutcomeUnknown;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.LoadedObject;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.api.store.StoreOperation;
import io.blockmover.api.store.VersionTag;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Breaks chosen requests. Faults wait in a queue; a request takes the oldest that fits its
 * operation and key, and does what it should if there is none. For {@link #list} the key is the
 * prefix, and the fault strikes at the first call of {@code next}. Thread-safe.
 */
public final class FaultyObjectStore extends ForwardingObjectStore {

  private final Deque<Planned> planned = new ArrayDeque<>();
  private final List<Request<?>> late = new ArrayList<>();

  public FaultyObjectStore(ObjectStore next) {
    super(next);
  }

  /** Breaks the next request of this kind, whatever its key. */
  public FaultyObjectStore enqueue(StoreOperation operation, Fault fault) {
    return enqueue(operation, "", fault);
  }

  /** Breaks the next request of this kind for a key that begins with a prefix. */
  public FaultyObjectStore enqueue(StoreOperation operation, String keyPrefix, Fault fault) {
    return plan(new Planned(operation, keyPrefix, fault, false));
  }

  /** Breaks all such requests, until {@link #clear()}. */
  public FaultyObjectStore always(StoreOperation operation, String keyPrefix, Fault fault) {
    return plan(new Planned(operation, keyPrefix, fault, true));
  }

  /** How many faults have not struck yet; those of {@link #always} never count as struck. */
  public int pending() {
    synchronized (planned) {
      return planned.size();
    }
  }

  /** Forgets all faults. */
  public void clear() {
    synchronized (planned) {
      planned.clear();
    }
  }

  /** Lets all late requests take effect now, in order; whether they succeed interests nobody. */
  public void applyLate() {
    List<Request<?>> now;
    synchronized (late) {
      now = List.copyOf(late);
      late.clear();
    }
    for (Request<?> request : now) {
      try {
        request.send();
      } catch (MoverException refused) {
        // Its sender has long stopped listening.
      }
    }
  }

  @Override
  public VersionTag put(String key, ByteBuffer body) throws MoverException {
    ByteBuffer own = copyIfLate(StoreOperation.PUT, key, body);
    return perform(StoreOperation.PUT, key, () -> next().put(key, own));
  }

  @Override
  public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
    ByteBuffer own = copyIfLate(StoreOperation.PUT_IF_ABSENT, key, body);
    return perform(StoreOperation.PUT_IF_ABSENT, key, () -> next().putIfAbsent(key, own));
  }

  @Override
  public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
      throws MoverException {
    ByteBuffer own = copyIfLate(StoreOperation.REPLACE, key, body);
    return perform(StoreOperation.REPLACE, key, () -> next().replace(key, own, expected));
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) throws MoverException {
    Fault fault = take(StoreOperation.READ, key);
    int start = into.position();
    if (fault instanceof Fault.Truncate(int keptBytes)) {
      int kept = Math.min(keptBytes, into.remaining());
      next().read(key, offset, into.slice(start, kept));
      throw new CorruptData(
          key, "at least " + (offset + into.remaining()) + " bytes", (offset + kept) + " bytes");
    }
    strike(
        fault,
        () -> {
          next().read(key, offset, into);
          return key;
        });
    if (fault instanceof Fault.FlipBit(long bit)) {
      int at = start + (int) (bit / 8);
      into.put(at, (byte) (into.get(at) ^ (1 << (bit % 8))));
    }
  }

  @Override
  public LoadedObject load(String key, int maxBytes) throws MoverException {
    Fault fault = take(StoreOperation.LOAD, key);
    LoadedObject loaded = strike(fault, () -> next().load(key, maxBytes));
    byte[] bytes = loaded.bytes();
    if (fault instanceof Fault.Truncate(int keptBytes)) {
      bytes = Arrays.copyOf(bytes, Math.min(keptBytes, bytes.length));
    } else if (fault instanceof Fault.FlipBit(long bit)) {
      bytes[(int) (bit / 8)] ^= (byte) (1 << (bit % 8));
    }
    return new LoadedObject(bytes, loaded.version());
  }

  @Override
  public Optional<ObjectSummary> find(String key) throws MoverException {
    return perform(StoreOperation.FIND, key, () -> next().find(key));
  }

  @Override
  public ObjectListing list(String prefix, String startAfter) {
    ObjectListing listing = next().list(prefix, startAfter);
    boolean[] begun = {false};
    return () -> {
      if (begun[0]) {
        return listing.next();
      }
      begun[0] = true;
      return perform(StoreOperation.LIST, prefix, listing::next);
    };
  }

  @Override
  public void delete(String key) throws MoverException {
    perform(
        StoreOperation.DELETE,
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

  private FaultyObjectStore plan(Planned fault) {
    synchronized (planned) {
      planned.add(fault);
    }
    return this;
  }

  private <T> T perform(StoreOperation operation, String key, Request<T> request)
      throws MoverException {
    return strike(take(operation, key), request);
  }

  private <T> T strike(@Nullable Fault fault, Request<T> request) throws MoverException {
    switch (fault) {
      case null -> {}
      case Fault.FailBefore(var failure) -> throw failure.get();
      case Fault.FailAfter(var failure) -> {
        request.send();
        throw failure.get();
      }
      case Fault.ApplyLate() -> {
        synchronized (late) {
          late.add(request);
        }
        throw new WriteOutcomeUnknown("request is late on purpose", "");
      }
      case Fault.Pause pause -> hold(pause);
      case Fault.Truncate truncate -> {}
      case Fault.FlipBit flip -> {}
    }
    return request.send();
  }

  private static void hold(Fault.Pause pause) throws Cancelled {
    pause.reached().countDown();
    try {
      pause.released().await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("interrupted while paused", "", e);
    }
  }

  /** The body belongs to the caller again once the call returns; a late request needs its own. */
  private ByteBuffer copyIfLate(StoreOperation operation, String key, ByteBuffer body) {
    synchronized (planned) {
      Planned fault = oldest(operation, key);
      if (fault == null || !(fault.fault instanceof Fault.ApplyLate)) {
        return body;
      }
    }
    byte[] copy = new byte[body.remaining()];
    body.duplicate().get(copy);
    return ByteBuffer.wrap(copy);
  }

  private @Nullable Fault take(StoreOperation operation, String key) {
    synchronized (planned) {
      Planned fault = oldest(operation, key);
      if (fault == null) {
        return null;
      }
      if (!fault.always) {
        planned.removeFirstOccurrence(fault);
      }
      return fault.fault;
    }
  }

  private @Nullable Planned oldest(StoreOperation operation, String key) {
    for (Iterator<Planned> it = planned.iterator(); it.hasNext(); ) {
      Planned fault = it.next();
      if (fault.operation == operation && key.startsWith(fault.keyPrefix)) {
        return fault;
      }
    }
    return null;
  }

  private record Planned(StoreOperation operation, String keyPrefix, Fault fault, boolean always) {}

  private interface Request<T> {
    T send() throws MoverException;
  }
}
