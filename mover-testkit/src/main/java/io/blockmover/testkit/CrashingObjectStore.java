package io.blockmover.testkit;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.LoadedObject;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.api.store.VersionTag;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Kills the process at a chosen request: from then on every call throws {@link SimulatedCrash} and
 * reaches nothing. What was acknowledged before stays in the store underneath, for the next life.
 *
 * <p>Each key that {@link #deleteAll} deletes counts as a request of its own.
 */
public final class CrashingObjectStore extends ForwardingObjectStore {

  private final long fatalMutation;
  private final boolean fatalIsApplied;
  private final AtomicLong mutations = new AtomicLong();
  private volatile boolean dead;

  /**
   * @param fatalMutation which changing request is the last, counted from 1; {@link Long#MAX_VALUE}
   *     for none, to count how many there are
   * @param fatalIsApplied whether that request takes effect before the process dies
   */
  public CrashingObjectStore(ObjectStore next, long fatalMutation, boolean fatalIsApplied) {
    super(next);
    this.fatalMutation = fatalMutation;
    this.fatalIsApplied = fatalIsApplied;
  }

  /** How many changing requests were made, the fatal one included. */
  public long mutations() {
    return mutations.get();
  }

  /** Whether the crash has happened. */
  public boolean crashed() {
    return dead;
  }

  @Override
  public VersionTag put(String key, ByteBuffer body) throws MoverException {
    return mutate("put " + key, () -> next().put(key, body));
  }

  @Override
  public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
    return mutate("put if absent " + key, () -> next().putIfAbsent(key, body));
  }

  @Override
  public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
      throws MoverException {
    return mutate("replace " + key, () -> next().replace(key, body, expected));
  }

  @Override
  public void delete(String key) throws MoverException {
    mutate(
        "delete " + key,
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

  @Override
  public void read(String key, long offset, ByteBuffer into) throws MoverException {
    requireAlive();
    next().read(key, offset, into);
  }

  @Override
  public LoadedObject load(String key, int maxBytes) throws MoverException {
    requireAlive();
    return next().load(key, maxBytes);
  }

  @Override
  public Optional<ObjectSummary> find(String key) throws MoverException {
    requireAlive();
    return next().find(key);
  }

  @Override
  public ObjectListing list(String prefix, String startAfter) {
    requireAlive();
    ObjectListing listing = next().list(prefix, startAfter);
    return () -> {
      requireAlive();
      return listing.next();
    };
  }

  private <T> T mutate(String what, Mutation<T> mutation) throws MoverException {
    requireAlive();
    long number = mutations.incrementAndGet();
    if (number < fatalMutation) {
      return mutation.apply();
    }
    dead = true;
    if (number == fatalMutation && fatalIsApplied) {
      mutation.apply();
    }
    throw new SimulatedCrash("at changing request " + number + ": " + what);
  }

  private void requireAlive() {
    if (dead) {
      throw new SimulatedCrash("the process is dead already");
    }
  }

  private interface Mutation<T> {
    T apply() throws MoverException;
  }
}
