package io.blockmover.repository.pack;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.repository.crypto.DataKeyWrap;
import io.blockmover.repository.crypto.KeySet;
import java.nio.ByteBuffer;
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
    if (keys.dataPrivateKey().isEmpty()) {
      throw new AccessDenied(
          "the key in use may write backups and not read their data",
          "use the password of a key slot that holds the private key");
    }
    String object = PackKind.DATA.keyOf(name);
    ByteBuffer bytes = ByteBuffer.allocate(PackHeader.DATA_BYTES);
    store.read(object, 0, bytes);
    PackHeader header = PackHeader.read(bytes.flip(), PackKind.DATA, name, object);
    byte[] sessionAndRun = Arrays.copyOf(name.toBytes(), 24);
    for (byte[] wrapped : header.wrappedKeys()) {
      Optional<byte[]> key = DataKeyWrap.unwrap(keys, sessionAndRun, wrapped);
      if (key.isPresent()) {
        return key.get();
      }
    }
    throw new CorruptData(
        object, "a data key wrapped for this repository", "none of " + header.wrappedKeys().size());
  }
}
