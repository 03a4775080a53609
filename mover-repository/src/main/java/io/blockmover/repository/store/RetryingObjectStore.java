package io.blockmover.repository.store;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.WriteOutcomeUnknown;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.LoadedObject;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.api.store.StoreOperation;
import io.blockmover.api.store.VersionTag;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/**
 * The one layer that repeats requests.
 *
 * <ul>
 *   <li>What certainly took no effect ({@link StoreUnavailable}) is repeated, whatever it is.
 *   <li>A put or a delete whose reply was lost is repeated: doing it twice is doing it once.
 *   <li>A put-if-absent whose reply was lost is looked up. An object of our own content (small) or
 *       size (large: the names of packs belong to one writer) is our own write; if there is none,
 *       the request is sent again.
 *   <li>Writes of HEADs ({@link #replace}, and put-if-absent of a key that ends in {@code /HEAD})
 *       are never repeated after their outcome is unknown, nor resolved here: others write the same
 *       key, and only the commit protocol knows what to make of what it finds.
 * </ul>
 *
 * Until the store has answered once, a call gives up sooner: the address may be wrong. A call that
 * gives up after its outcome became unknown says so, whatever failed last.
 */
public final class RetryingObjectStore extends ForwardingObjectStore {

  private static final int COMPARED_BYTES = 64 << 10;

  private final RetryPolicy policy;
  private final Timing timing;
  private final RetryListener listener;
  private volatile boolean answered;

  public RetryingObjectStore(
      ObjectStore next, RetryPolicy policy, Timing timing, RetryListener listener) {
    super(next);
    this.policy = policy;
    this.timing = timing;
    this.listener = listener;
  }

  @Override
  public VersionTag put(String key, ByteBuffer body) throws MoverException {
    return repeat(StoreOperation.PUT, key, () -> next().put(key, body));
  }

  @Override
  public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
    if (isPointer(key)) {
      return once(StoreOperation.PUT_IF_ABSENT, key, () -> next().putIfAbsent(key, body));
    }
    RetryLoop loop = loop(StoreOperation.PUT_IF_ABSENT, key);
    while (true) {
      try {
        return answered(next().putIfAbsent(key, body));
      } catch (ObjectAlreadyExists e) {
        Optional<VersionTag> own =
            loop.mayHaveTakenEffect() ? findOwn(loop, key, body) : Optional.empty();
        return own.orElseThrow(() -> e);
      } catch (MoverException e) {
        loop.pauseAfter(e);
        if (e instanceof WriteOutcomeUnknown) {
          Optional<VersionTag> own = findOwn(loop, key, body);
          if (own.isPresent()) {
            return own.get();
          }
        }
      }
    }
  }

  @Override
  public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
      throws MoverException {
    return once(StoreOperation.REPLACE, key, () -> next().replace(key, body, expected));
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) throws MoverException {
    repeat(
        StoreOperation.READ,
        key,
        () -> {
          next().read(key, offset, into);
          return key;
        });
  }

  @Override
  public LoadedObject load(String key, int maxBytes) throws MoverException {
    return repeat(StoreOperation.LOAD, key, () -> next().load(key, maxBytes));
  }

  @Override
  public Optional<ObjectSummary> find(String key) throws MoverException {
    return repeat(StoreOperation.FIND, key, () -> next().find(key));
  }

  @Override
  public ObjectListing list(String prefix, String startAfter) {
    return new ResumedListing(prefix, startAfter);
  }

  @Override
  public void delete(String key) throws MoverException {
    repeat(
        StoreOperation.DELETE,
        key,
        () -> {
          next().delete(key);
          return key;
        });
  }

  @Override
  public void deleteAll(Collection<String> keys) throws MoverException {
    repeat(
        StoreOperation.DELETE,
        keys.size() + " keys",
        () -> {
          next().deleteAll(keys);
          return keys;
        });
  }

  private ObjectListing begin(String prefix, String startAfter) {
    return next().list(prefix, startAfter);
  }

  private static boolean isPointer(String key) {
    return key.endsWith("/HEAD");
  }

  private Optional<VersionTag> findOwn(RetryLoop loop, String key, ByteBuffer body)
      throws MoverException {
    try {
      return findOwn(key, body);
    } catch (StoreUnavailable e) {
      throw loop.giveUp(e);
    }
  }

  /** The version of an object that is our own earlier write; empty if there is no object. */
  private Optional<VersionTag> findOwn(String key, ByteBuffer body) throws MoverException {
    if (body.remaining() > COMPARED_BYTES) {
      Optional<ObjectSummary> found = find(key);
      if (found.isPresent() && found.get().sizeBytes() != body.remaining()) {
        throw new CorruptData(key, body.remaining() + " bytes", found.get().sizeBytes() + " bytes");
      }
      return found.map(ObjectSummary::version);
    }
    try {
      LoadedObject found = load(key, COMPARED_BYTES);
      if (!ByteBuffer.wrap(found.bytes()).equals(body)) {
        throw new ObjectAlreadyExists(key + " exists already, and is not ours", "");
      }
      return Optional.of(found.version());
    } catch (ObjectNotFound e) {
      return Optional.empty();
    }
  }

  private <T> T repeat(StoreOperation operation, String key, Attempt<T> attempt)
      throws MoverException {
    RetryLoop loop = loop(operation, key);
    while (true) {
      try {
        return answered(attempt.send());
      } catch (MoverException e) {
        loop.pauseAfter(e);
      }
    }
  }

  /** Repeats only what certainly took no effect. */
  private <T> T once(StoreOperation operation, String key, Attempt<T> attempt)
      throws MoverException {
    RetryLoop loop = loop(operation, key);
    while (true) {
      try {
        return answered(attempt.send());
      } catch (StoreUnavailable e) {
        loop.pauseAfter(e);
      }
    }
  }

  private RetryLoop loop(StoreOperation operation, String key) {
    Duration deadline = answered ? policy.deadline() : policy.firstContact();
    return new RetryLoop(policy, deadline, timing, listener, operation, key);
  }

  private <T> T answered(T answer) {
    answered = true;
    return answer;
  }

  private interface Attempt<T> {
    T send() throws MoverException;
  }

  /** Begins again after the last key delivered. */
  private final class ResumedListing implements ObjectListing {
    private final String prefix;
    private String last;
    private ObjectListing listing;

    ResumedListing(String prefix, String startAfter) {
      this.prefix = prefix;
      this.last = startAfter;
      this.listing = begin(prefix, startAfter);
    }

    @Override
    public Optional<ObjectSummary> next() throws MoverException {
      RetryLoop loop = loop(StoreOperation.LIST, prefix);
      while (true) {
        try {
          Optional<ObjectSummary> found = listing.next();
          found.ifPresent(object -> last = object.key());
          return answered(found);
        } catch (MoverException e) {
          loop.pauseAfter(e);
          listing = begin(prefix, last);
        }
      }
    }
  }
}
