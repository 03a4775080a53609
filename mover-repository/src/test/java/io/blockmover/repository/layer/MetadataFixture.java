package io.blockmover.repository.layer;

import io.blockmover.repository.crypto.KeySet;
import io.blockmover.repository.pack.PackNames;
import io.blockmover.testkit.MemoryObjectStore;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** A store in memory, keys, and names of packs. */
public final class MetadataFixture {

  public final MemoryObjectStore objects = new MemoryObjectStore();
  public final KeySet keys = KeySet.generate(new byte[16], new SecureRandom());
  public final MetadataStore store = new MetadataStore(objects, keys);
  public final PackNames names = new PackNames(1, 2, 3);

  /** Sum of the sizes of all objects. */
  public long bytes() throws Exception {
    long sum = 0;
    var listing = objects.list("", "");
    for (var next = listing.next(); next.isPresent(); next = listing.next()) {
      sum += next.get().sizeBytes();
    }
    return sum;
  }

  /** Flips one bit of an object. */
  public void flip(String key, int at) throws Exception {
    byte[] bytes = objects.load(key, Integer.MAX_VALUE).bytes();
    bytes[at] ^= 1;
    objects.put(key, ByteBuffer.wrap(bytes));
  }

  /** A random seed, printed so that a failure can be repeated. */
  public static long seed(String test) {
    long seed = Long.getLong("seed", new SecureRandom().nextLong());
    System.out.println(test + ": -Dseed=" + seed);
    return seed;
  }
}
