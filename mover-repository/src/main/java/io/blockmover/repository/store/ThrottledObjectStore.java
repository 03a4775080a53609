package io.blockmover.repository.store;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.LoadedObject;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.api.store.StoreProperties;
import io.blockmover.api.store.VersionTag;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Optional;

/** Keeps bodies to a limit each way; listings and deletions go free. */
public final class ThrottledObjectStore implements ObjectStore {

  private final ObjectStore next;
  private final BandwidthLimit upload;
  private final BandwidthLimit download;

  public ThrottledObjectStore(ObjectStore next, BandwidthLimit upload, BandwidthLimit download) {
    this.next = next;
    this.upload = upload;
    this.download = download;
  }

  @Override
  public StoreProperties properties() {
    return next.properties();
  }

  @Override
  public String location() {
    return next.location();
  }

  @Override
  public VersionTag put(String key, ByteBuffer body) throws MoverException {
    upload.acquire(body.remaining());
    return next.put(key, body);
  }

  @Override
  public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
    upload.acquire(body.remaining());
    return next.putIfAbsent(key, body);
  }

  @Override
  public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
      throws MoverException {
    upload.acquire(body.remaining());
    return next.replace(key, body, expected);
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) throws MoverException {
    download.acquire(into.remaining());
    next.read(key, offset, into);
  }

  @Override
  public LoadedObject load(String key, int maxBytes) throws MoverException {
    LoadedObject loaded = next.load(key, maxBytes);
    download.acquire(loaded.bytes().length);
    return loaded;
  }

  @Override
  public Optional<ObjectSummary> find(String key) throws MoverException {
    return next.find(key);
  }

  @Override
  public ObjectListing list(String prefix, String startAfter) {
    return next.list(prefix, startAfter);
  }

  @Override
  public void delete(String key) throws MoverException {
    next.delete(key);
  }

  @Override
  public void deleteAll(Collection<String> keys) throws MoverException {
    next.deleteAll(keys);
  }

  @Override
  public void close() {
    next.close();
  }
}
