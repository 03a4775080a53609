package io.blockmover.repository.commit;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.LoadedObject;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.StoreOperation;
import io.blockmover.api.store.VersionTag;
import java.nio.ByteBuffer;

/** Lets somebody else act just before the next request of a kind: a schedule, without threads. */
final class InterposedStore extends ForwardingObjectStore {

  private StoreOperation operation;
  private String prefix = "";
  private Action action;

  InterposedStore(ObjectStore next) {
    super(next);
  }

  InterposedStore before(StoreOperation newOperation, String newPrefix, Action newAction) {
    operation = newOperation;
    prefix = newPrefix;
    action = newAction;
    return this;
  }

  boolean pending() {
    return action != null;
  }

  private void meet(StoreOperation now, String key) throws MoverException {
    if (action != null && now == operation && key.startsWith(prefix)) {
      Action act = action;
      action = null;
      act.run();
    }
  }

  @Override
  public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
    meet(StoreOperation.PUT_IF_ABSENT, key);
    return super.putIfAbsent(key, body);
  }

  @Override
  public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
      throws MoverException {
    meet(StoreOperation.REPLACE, key);
    return super.replace(key, body, expected);
  }

  @Override
  public VersionTag put(String key, ByteBuffer body) throws MoverException {
    meet(StoreOperation.PUT, key);
    return super.put(key, body);
  }

  @Override
  public LoadedObject load(String key, int maxBytes) throws MoverException {
    meet(StoreOperation.LOAD, key);
    return super.load(key, maxBytes);
  }

  /** What somebody else does. */
  interface Action {
    void run() throws MoverException;
  }
}
