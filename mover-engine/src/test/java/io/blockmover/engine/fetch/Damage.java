package io.blockmover.engine.fetch;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** What can happen to an object in a store. */
public enum Damage {
  ONE_BIT {
    @Override
    byte[] spoil(byte[] bytes, Random random) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      return bytes;
    }
  },
  CUT_SHORT {
    @Override
    byte[] spoil(byte[] bytes, Random random) {
      return Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }
  },
  MISSING {
    @Override
    byte[] spoil(byte[] bytes, Random random) {
      return new byte[0];
    }
  };

  abstract byte[] spoil(byte[] bytes, Random random);

  /** Damages an object. */
  public void apply(ObjectStore store, String key, Random random) throws MoverException {
    if (this == MISSING) {
      store.delete(key);
    } else {
      byte[] bytes = store.load(key, Integer.MAX_VALUE).bytes();
      store.put(key, ByteBuffer.wrap(spoil(bytes, random)));
    }
  }

  /** Exchanges two objects. */
  public static void swap(ObjectStore store, String one, String other) throws MoverException {
    byte[] first = store.load(one, Integer.MAX_VALUE).bytes();
    byte[] second = store.load(other, Integer.MAX_VALUE).bytes();
    store.put(one, ByteBuffer.wrap(second));
    store.put(other, ByteBuffer.wrap(first));
  }
}
