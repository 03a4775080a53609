package io.blockmover.repository.document;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.LoadedObject;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.VersionTag;
import io.blockmover.repository.Randomness;
import io.blockmover.repository.crypto.KeySet;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Reads and writes documents: records, sealed under the key that they are stored at. What the store
 * throws passes through unchanged. Thread-safe.
 */
public final class DocumentStore {

  private final ObjectStore store;
  private final DocumentSeal seal;

  public DocumentStore(ObjectStore store, KeySet keys, Randomness random) {
    this.store = store;
    this.seal = new DocumentSeal(keys, random);
  }

  /**
   * Reads a document.
   *
   * @throws io.blockmover.api.ObjectNotFound if there is none
   * @throws io.blockmover.api.CorruptData if it is not what was written under this key
   */
  public <T> T load(String key, Class<T> type) throws MoverException {
    return loadVersioned(key, type).content();
  }

  /** As {@link #load}, with the version read. */
  public <T> LoadedDocument<T> loadVersioned(String key, Class<T> type) throws MoverException {
    LoadedObject object = store.load(key, DocumentSeal.MAX_BYTES);
    T content = Json.read(seal.open(key, object.bytes()), type, key);
    return new LoadedDocument<>(content, object.version(), sha256(object.bytes()));
  }

  /** Writes a document, whatever was there. */
  public VersionTag put(String key, Object content) throws MoverException {
    return store.put(key, sealed(key, content));
  }

  /** Writes a document if there is none. */
  public VersionTag putIfAbsent(String key, Object content) throws MoverException {
    return store.putIfAbsent(key, sealed(key, content));
  }

  /** Replaces a document if it still is of a version. */
  public VersionTag replace(String key, Object content, VersionTag expected) throws MoverException {
    return store.replace(key, sealed(key, content), expected);
  }

  private ByteBuffer sealed(String key, Object content) {
    return ByteBuffer.wrap(seal.seal(key, Json.write(content)));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }
}
