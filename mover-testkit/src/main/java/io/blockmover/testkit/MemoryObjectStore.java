package io.blockmover.testkit;

import io.blockmover.api.Cancelled;
import io.blockmover.api.ConditionFailed;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.store.LoadedObject;
import io.blockmover.api.store.ObjectKey;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.api.store.StoreOperation;
import io.blockmover.api.store.StoreProperties;
import io.blockmover.api.store.VersionTag;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory that keeps the contract to the letter: strict keys, compare-and-swap, pages of
 * 1,000 keys, one request counted per call. Thread-safe. Version tags never repeat.
 */
public final class MemoryObjectStore implements ObjectStore {

  private static final int PAGE_KEYS = 1000;

  private final StoreProperties properties;
  private final InstantSource clock;
  private final Predicate<String> dropsBytes;
  private final ConcurrentSkipListMap<String, StoredObject> objects = new ConcurrentSkipListMap<>();
  private final Map<StoreOperation, AtomicLong> requests = new EnumMap<>(StoreOperation.class);
  private final AtomicLong versions = new AtomicLong();
  private volatile boolean closed;

  public MemoryObjectStore() {
    this(new StoreProperties(16, true, true, true), InstantSource.system());
  }

  /** A store that declares, and has, only what {@code properties} say. */
  public MemoryObjectStore(StoreProperties properties, InstantSource clock) {
    this(properties, clock, key -> false);
  }

  MemoryObjectStore(StoreProperties properties, InstantSource clock, Predicate<String> dropsBytes) {
    this.properties = properties;
    this.clock = clock;
    this.dropsBytes = dropsBytes;
    for (StoreOperation operation : StoreOperation.values()) {
      requests.put(operation, new AtomicLong());
    }
  }

  /**
   * For tests of memory and scale: a store that remembers data packs (keys under {@code d/}) by
   * size only and keeps everything else, so that a backup of terabytes fits. Reading a data pack
   * throws {@link IllegalStateException}.
   */
  public static MemoryObjectStore metadataOnly() {
    return new MemoryObjectStore(
        new StoreProperties(16, true, true, true),
        InstantSource.system(),
        key -> key.startsWith("d/"));
  }

  /** How many requests of one kind were made; a listing counts one per page. */
  public long requests(StoreOperation operation) {
    return counter(operation).get();
  }

  /** How many requests of all kinds were made. */
  public long requests() {
    return requests.values().stream().mapToLong(AtomicLong::get).sum();
  }

  /** Sets all counters to zero. */
  public void resetRequests() {
    requests.values().forEach(counter -> counter.set(0));
  }

  /** The keys that begin with a prefix, in order; not counted as a request. */
  public List<String> keys(String prefix) {
    return objects.tailMap(prefix).keySet().stream()
        .takeWhile(key -> key.startsWith(prefix))
        .toList();
  }

  /** Whether there is such an object; not counted as a request. */
  public boolean has(String key) {
    return objects.containsKey(key);
  }

  /** The sum of the sizes of the objects under a prefix. */
  public long totalBytes(String prefix) {
    return objects.tailMap(prefix).entrySet().stream()
        .takeWhile(entry -> entry.getKey().startsWith(prefix))
        .mapToLong(entry -> entry.getValue().sizeBytes)
        .sum();
  }

  /** Changes an object behind everybody's back, as bad hardware would; its version stays. */
  public void damage(String key, UnaryOperator<byte[]> damage) {
    objects.compute(
        key,
        (k, old) -> {
          if (old == null || old.bytes == null) {
            throw new IllegalArgumentException("nothing to damage under " + k);
          }
          byte[] bytes = damage.apply(old.bytes.clone());
          return new StoredObject(bytes, bytes.length, old.summary(k));
        });
  }

  /** A second store with the same content, as of now; its counters start at zero. */
  public MemoryObjectStore copy() {
    MemoryObjectStore copy = new MemoryObjectStore(properties, clock, dropsBytes);
    copy.objects.putAll(objects);
    copy.versions.set(versions.get());
    return copy;
  }

  @Override
  public StoreProperties properties() {
    return properties;
  }

  @Override
  public String location() {
    return "memory:";
  }

  @Override
  public VersionTag put(String key, ByteBuffer body) throws MoverException {
    begin(StoreOperation.PUT, key);
    StoredObject written = stored(key, body);
    objects.put(key, written);
    return written.version();
  }

  @Override
  public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
    requireState(properties.putIfAbsent(), "no put-if-absent here");
    begin(StoreOperation.PUT_IF_ABSENT, key);
    StoredObject written = stored(key, body);
    if (objects.putIfAbsent(key, written) != null) {
      throw new ObjectAlreadyExists(key + " exists already", "");
    }
    return written.version();
  }

  @Override
  public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
      throws MoverException {
    requireState(properties.compareAndSwap(), "no compare-and-swap here");
    begin(StoreOperation.REPLACE, key);
    StoredObject written = stored(key, body);
    StoredObject now =
        objects.computeIfPresent(key, (k, old) -> old.version().equals(expected) ? written : old);
    if (now != written) {
      throw new ConditionFailed(key + " is not of version " + expected.value(), "");
    }
    return written.version();
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) throws MoverException {
    begin(StoreOperation.READ, key);
    if (offset < 0) {
      throw new IllegalArgumentException("offset is " + offset);
    }
    StoredObject object = require(key);
    if (offset > object.sizeBytes - into.remaining()) {
      throw new CorruptData(
          key, "at least " + (offset + into.remaining()) + " bytes", object.sizeBytes + " bytes");
    }
    into.put(object.content(key), (int) offset, into.remaining());
  }

  @Override
  public LoadedObject load(String key, int maxBytes) throws MoverException {
    begin(StoreOperation.LOAD, key);
    StoredObject object = require(key);
    if (object.sizeBytes > maxBytes) {
      throw new CorruptData(key, "at most " + maxBytes + " bytes", object.sizeBytes + " bytes");
    }
    byte[] content = object.content(key);
    return new LoadedObject(Arrays.copyOf(content, content.length), object.version());
  }

  @Override
  public Optional<ObjectSummary> find(String key) throws MoverException {
    begin(StoreOperation.FIND, key);
    return Optional.ofNullable(objects.get(key)).map(object -> object.summary(key));
  }

  @Override
  public ObjectListing list(String prefix, String startAfter) {
    requireState(!closed, "the store is closed");
    return new PagedListing(prefix, startAfter, PAGE_KEYS, this::page);
  }

  @Override
  public void delete(String key) throws MoverException {
    begin(StoreOperation.DELETE, key);
    objects.remove(key);
  }

  @Override
  public void deleteAll(Collection<String> keys) throws MoverException {
    int inBatch = 0;
    for (String key : keys) {
      if (inBatch++ % PAGE_KEYS == 0) {
        begin(StoreOperation.DELETE, key);
      }
      objects.remove(ObjectKey.requireValid(key));
    }
  }

  @Override
  public void close() {
    closed = true;
  }

  private List<ObjectSummary> page(String prefix, String startAfter) throws MoverException {
    begin(StoreOperation.LIST, null);
    boolean fromPrefix = prefix.compareTo(startAfter) > 0;
    return objects.tailMap(fromPrefix ? prefix : startAfter, fromPrefix).entrySet().stream()
        .takeWhile(entry -> entry.getKey().startsWith(prefix))
        .limit(PAGE_KEYS)
        .map(entry -> entry.getValue().summary(entry.getKey()))
        .toList();
  }

  private StoredObject require(String key) throws ObjectNotFound {
    StoredObject object = objects.get(key);
    if (object == null) {
      throw new ObjectNotFound(key + " does not exist", "");
    }
    return object;
  }

  private StoredObject stored(String key, ByteBuffer body) {
    byte @Nullable [] bytes = null;
    if (!dropsBytes.test(key)) {
      bytes = new byte[body.remaining()];
      body.duplicate().get(bytes);
    }
    VersionTag version = new VersionTag("m" + versions.incrementAndGet());
    return new StoredObject(
        bytes,
        body.remaining(),
        new ObjectSummary(key, body.remaining(), version, clock.instant()));
  }

  private void begin(StoreOperation operation, @Nullable String key) throws Cancelled {
    if (key != null) {
      ObjectKey.requireValid(key);
    }
    requireState(!closed, "the store is closed");
    counter(operation).incrementAndGet();
    if (Thread.currentThread().isInterrupted()) {
      throw new Cancelled("interrupted before " + operation + " " + key, "");
    }
  }

  private AtomicLong counter(StoreOperation operation) {
    return Objects.requireNonNull(requests.get(operation));
  }

  private static void requireState(boolean state, String otherwise) {
    if (!state) {
      throw new IllegalStateException(otherwise);
    }
  }

  private static final class StoredObject {
    private final byte @Nullable [] bytes;
    private final long sizeBytes;
    private final ObjectSummary written;

    StoredObject(byte @Nullable [] bytes, long sizeBytes, ObjectSummary written) {
      this.bytes = bytes;
      this.sizeBytes = sizeBytes;
      this.written = written;
    }

    VersionTag version() {
      return written.version();
    }

    ObjectSummary summary(String key) {
      return new ObjectSummary(key, sizeBytes, written.version(), written.lastModified());
    }

    byte[] content(String key) {
      if (bytes == null) {
        throw new IllegalStateException("the bytes of " + key + " were not kept");
      }
      return bytes;
    }
  }
}
