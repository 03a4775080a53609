package io.blockmover.api.store;

import io.blockmover.api.MoverException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * A dumb, strongly consistent store of bytes under keys. All calls block, may be made from any
 * thread, platform or virtual, and send each request <em>once</em>: retrying is the caller's, in
 * one layer above. An implementation that cannot avoid retries inside must report every ambiguous
 * outcome as {@link io.blockmover.api.WriteOutcomeUnknown}.
 *
 * <p>Keys consist of {@code [A-Za-z0-9._-]} and single inner slashes; no component is longer than
 * 200 bytes, none is {@code .} or {@code ..}, and no key is a directory of another (on stores that
 * are file systems both cannot exist). Other keys: {@link IllegalArgumentException} ({@link
 * ObjectKey} checks).
 *
 * <p>Every call may throw {@link io.blockmover.api.StoreUnavailable} (nothing took effect, or
 * repeating is harmless), {@link io.blockmover.api.AccessDenied}, {@link
 * io.blockmover.api.StoreRejected} (a person must change something) and {@link
 * io.blockmover.api.Cancelled} if the thread is interrupted (its interrupt flag stays set). Further
 * exceptions stand at the calls. Bodies are never partly visible: a put that fails leaves the old
 * object, or none.
 */
public interface ObjectStore extends AutoCloseable {

  /** What this store can do, constant for its life. */
  StoreProperties properties();

  /** The place, as the user gave it and without secrets; for messages. */
  String location();

  /**
   * Writes an object, replacing what was there. Durable when it returns.
   *
   * @param body from position to limit; not changed, and not to be changed before the call returns
   * @return the version written
   * @throws io.blockmover.api.WriteOutcomeUnknown if the reply was lost; the write may happen later
   * @throws io.blockmover.api.StoreFull if there is no space
   */
  VersionTag put(String key, ByteBuffer body) throws MoverException;

  /**
   * Writes an object if the key is free, atomically against every other conditional write. Durable
   * when it returns.
   *
   * @throws io.blockmover.api.ObjectAlreadyExists if the key is taken; the old object is unchanged.
   *     After a lost reply that can be our own earlier write
   * @throws io.blockmover.api.WriteOutcomeUnknown if the reply was lost
   * @throws io.blockmover.api.StoreFull if there is no space
   * @throws IllegalStateException if {@link StoreProperties#putIfAbsent()} is false
   */
  VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException;

  /**
   * Replaces an object if its version still is {@code expected}: compare-and-swap.
   *
   * @throws io.blockmover.api.ConditionFailed if the object is missing or has another version; it
   *     is unchanged
   * @throws io.blockmover.api.WriteOutcomeUnknown if the reply was lost
   * @throws io.blockmover.api.StoreFull if there is no space
   * @throws IllegalStateException if {@link StoreProperties#compareAndSwap()} is false
   */
  VersionTag replace(String key, ByteBuffer body, VersionTag expected) throws MoverException;

  /**
   * Reads exactly {@code into.remaining()} bytes from {@code offset}; on return the buffer's
   * position is its limit. A failed read leaves the position where it was and the content
   * undefined.
   *
   * @throws io.blockmover.api.ObjectNotFound if there is no such object
   * @throws io.blockmover.api.CorruptData if the object ends before the range does
   */
  void read(String key, long offset, ByteBuffer into) throws MoverException;

  /**
   * Reads a whole small object and its version, both of the same moment.
   *
   * @param maxBytes the largest size that makes sense; a larger object is an error, not a read
   * @throws io.blockmover.api.ObjectNotFound if there is no such object
   * @throws io.blockmover.api.CorruptData if it is larger than {@code maxBytes}
   */
  LoadedObject load(String key, int maxBytes) throws MoverException;

  /** Size, version and time of an object; empty if there is none. */
  Optional<ObjectSummary> find(String key) throws MoverException;

  /**
   * All objects whose keys begin with {@code prefix}, in byte order of their keys, fetched page by
   * page while iterating. Sees every object whose put had returned before this call.
   *
   * @param prefix any string, empty for everything; not necessarily ending in a slash
   * @param startAfter only keys greater than this; empty for all. Need not exist
   */
  ObjectListing list(String prefix, String startAfter);

  /** Deletes an object; does nothing if it does not exist. */
  void delete(String key) throws MoverException;

  /**
   * Deletes many objects, in any order; missing ones are no error.
   *
   * @throws MoverException if any could not be deleted; others may have been
   */
  default void deleteAll(Collection<String> keys) throws MoverException {
    for (String key : keys) {
      delete(key);
    }
  }

  /**
   * Takes over what an earlier {@link ObjectStoreProvider#probe probe} of this place has found out,
   * where the user did not choose otherwise. Before the first write; sends no request. A wrapper
   * passes it on.
   *
   * @param learned options of a {@link StoreReport}; advice, so that what is unknown or was found
   *     out elsewhere is passed over
   */
  default void adopt(Map<String, String> learned) {}

  /** Ends all connections; calls under way fail. Repeating is harmless. */
  @Override
  void close();

  /** Iterates over a listing; not thread-safe. */
  interface ObjectListing {

    /**
     * The next object, or empty at the end.
     *
     * @throws MoverException as every call of the store; the listing can then not be continued
     */
    Optional<ObjectSummary> next() throws MoverException;

    /** A listing of objects that are known already. */
    static ObjectListing of(Iterator<ObjectSummary> objects) {
      return () -> objects.hasNext() ? Optional.of(objects.next()) : Optional.empty();
    }
  }
}
