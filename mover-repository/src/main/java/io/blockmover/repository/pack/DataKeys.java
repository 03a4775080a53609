package io.blockmover.repository.pack;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.repository.crypto.DataKeyWrap;
import io.blockmover.repository.crypto.KeySet;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The data keys of runs, found in the headers of their packs: one small read for each run, however
 * many packs it wrote. Thread-safe.
 */
public final class DataKeys {

  private final ObjectStore store;
  private final KeySet keys;
  private final ConcurrentMap<Run, byte[]> known = new ConcurrentHashMap<>();

  private record Run(long sessionHigh, long sessionLow, long run) {}

  public DataKeys(ObjectStore store, KeySet keys) {
    this.store = store;
    this.keys = keys;
  }

  /**
   * What opens the records of a pack.
   *
   * @throws AccessDenied if these keys may write and not read
   * @throws CorruptData if the header is damaged
   */
  PackSeal sealOf(PackName name) throws MoverException {
    Run run = new Run(name.sessionHigh(), name.sessionLow(), name.run());
    byte[] key = known.get(run);
    if (key == null) {
      key = load(name);
      known.put(run, key);
    }
    return new PackSeal(keys.lineage(), key, PackKind.DATA, name);
  }

  private byte[] load(PackName name) throws MoverException {
    return unwrap(name, readHeader(name));
  }

  /**
   * Checks the header of one pack, even where its run's key is known from another.
   *
   * @return its length in bytes
   * @throws CorruptData if it is not that pack's, or holds another key than the run's other packs
   */
  int requireHeader(PackName name) throws MoverException {
    PackHeader header = readHeader(name);
    byte[] key = unwrap(name, header);
    Run run = new Run(name.sessionHigh(), name.sessionLow(), name.run());
    byte[] before = known.putIfAbsent(run, key);
    if (before != null && !MessageDigest.isEqual(before, key)) {
      throw new CorruptData(PackKind.DATA.keyOf(name), "its run's data key", "another");
    }
    return header.lengthBytes();
  }

  private PackHeader readHeader(PackName name) throws MoverException {
    keys.requireReading();
    String object = PackKind.DATA.keyOf(name);
    ByteBuffer bytes = ByteBuffer.allocate(PackHeader.DATA_BYTES);
    store.read(object, 0, bytes);
    int length = PackHeader.lengthBytes(bytes.flip());
    if (length > bytes.limit()) {
      bytes = ByteBuffer.allocate(length);
      store.read(object, 0, bytes);
      bytes.flip();
    }
    return PackHeader.read(bytes, PackKind.DATA, name, object);
  }

  private byte[] unwrap(PackName name, PackHeader header) throws CorruptData {
    byte[] sessionAndRun = Arrays.copyOf(name.toBytes(), 24);
    for (byte[] wrapped : header.wrappedKeys()) {
      Optional<byte[]> key = DataKeyWrap.unwrap(keys, sessionAndRun, wrapped);
      if (key.isPresent()) {
        return key.get();
      }
    }
    throw new CorruptData(
        PackKind.DATA.keyOf(name),
        "a data key wrapped for this repository",
        "none of " + header.wrappedKeys().size());
  }
}
