package io.blockmover.repository.store;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.LoadedObject;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.api.store.StoreOperation;
import io.blockmover.api.store.VersionTag;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts requests and bytes. Below the retry layer it counts what is sent, above it what was asked
 * for. Pages of a listing and batches of deletions are taken to hold 1,000 keys.
 */
public final class CountingObjectStore extends ForwardingObjectStore {

  private static final int BATCH_KEYS = 1000;

  private final Map<StoreOperation, LongAdder> requests = new EnumMap<>(StoreOperation.class);
  private final LongAdder uploadedBytes = new LongAdder();
  private final LongAdder downloadedBytes = new LongAdder();

  public CountingObjectStore(ObjectStore next) {
    super(next);
    for (StoreOperation operation : StoreOperation.values()) {
      requests.put(operation, new LongAdder());
    }
  }

  /** What was counted until now. */
  public StoreUsage usage() {
    Map<StoreOperation, Long> counts = new EnumMap<>(StoreOperation.class);
    requests.forEach((operation, count) -> counts.put(operation, count.sum()));
    return new StoreUsage(counts, uploadedBytes.sum(), downloadedBytes.sum());
  }

  @Override
  public VersionTag put(String key, ByteBuffer body) throws MoverException {
    countUpload(StoreOperation.PUT, body);
    return super.put(key, body);
  }

  @Override
  public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
    countUpload(StoreOperation.PUT_IF_ABSENT, body);
    return super.putIfAbsent(key, body);
  }

  @Override
  public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
      throws MoverException {
    countUpload(StoreOperation.REPLACE, body);
    return super.replace(key, body, expected);
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) throws MoverException {
    count(StoreOperation.READ);
    int bytes = into.remaining();
    super.read(key, offset, into);
    downloadedBytes.add(bytes);
  }

  @Override
  public LoadedObject load(String key, int maxBytes) throws MoverException {
    count(StoreOperation.LOAD);
    LoadedObject loaded = super.load(key, maxBytes);
    downloadedBytes.add(loaded.bytes().length);
    return loaded;
  }

  @Override
  public Optional<ObjectSummary> find(String key) throws MoverException {
    count(StoreOperation.FIND);
    return super.find(key);
  }

  @Override
  public ObjectListing list(String prefix, String startAfter) {
    ObjectListing listing = super.list(prefix, startAfter);
    long[] delivered = {0};
    return () -> {
      if (delivered[0]++ % BATCH_KEYS == 0) {
        count(StoreOperation.LIST);
      }
      return listing.next();
    };
  }

  @Override
  public void delete(String key) throws MoverException {
    count(StoreOperation.DELETE);
    super.delete(key);
  }

  @Override
  public void deleteAll(Collection<String> keys) throws MoverException {
    counter(StoreOperation.DELETE).add((keys.size() + BATCH_KEYS - 1) / BATCH_KEYS);
    super.deleteAll(keys);
  }

  private void countUpload(StoreOperation operation, ByteBuffer body) {
    count(operation);
    uploadedBytes.add(body.remaining());
  }

  private void count(StoreOperation operation) {
    counter(operation).increment();
  }

  private LongAdder counter(StoreOperation operation) {
    return Objects.requireNonNull(requests.get(operation));
  }
}
