package io.blockmover.api.store;

import io.blockmover.api.MoverException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Passes every call on to another store: the base of wrappers, which differ in a call or two. */
public abstract class ForwardingObjectStore implements ObjectStore {

  private final ObjectStore next;

  protected ForwardingObjectStore(ObjectStore next) {
    this.next = next;
  }

  /** The store that calls are passed on to. */
  protected final ObjectStore next() {
    return next;
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
    return next.put(key, body);
  }

  @Override
  public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
    return next.putIfAbsent(key, body);
  }

  @Override
  public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
      throws MoverException {
    return next.replace(key, body, expected);
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) throws MoverException {
    next.read(key, offset, into);
  }

  @Override
  public LoadedObject load(String key, int maxBytes) throws MoverException {
    return next.load(key, maxBytes);
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
  public void adopt(Map<String, String> learned) {
    next.adopt(learned);
  }

  @Override
  public void close() {
    next.close();
  }
}
