package io.blockmover.engine.backup;

import io.blockmover.repository.crypto.Hmac;
import java.nio.ByteBuffer;
import javax.crypto.Mac;

/**
 * An order in which to walk the cells of a volume, known only to who has the key: a Feistel network
 * over as many bits as the number of cells takes, walked on while it leaves the range. For one
 * thread.
 */
final class CellPermutation {

  private static final int ROUNDS = 6;

  private final Mac mac;
  private final long cells;
  private final int halfBits;

  /**
   * @param cells how many there are, at least one
   */
  CellPermutation(byte[] key, long cells) {
    this.mac = Hmac.sha256(key);
    this.cells = cells;
    int bits = Long.SIZE - Long.numberOfLeadingZeros(cells - 1);
    this.halfBits = Math.max(1, (bits + 1) / 2);
  }

  /** The cell at a place of the order; each place from 0 to the number of cells has another. */
  long at(long place) {
    long value = place;
    do {
      value = network(value);
    } while (value >= cells);
    return value;
  }

  private long network(long value) {
    long mask = (1L << halfBits) - 1;
    long left = value >>> halfBits;
    long right = value & mask;
    for (int round = 0; round < ROUNDS; round++) {
      long next = left ^ (scrambled(round, right) & mask);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }

  private long scrambled(int round, long half) {
    mac.update(ByteBuffer.allocate(20).putInt(round).putLong(cells).putLong(half).flip());
    return ByteBuffer.wrap(mac.doFinal()).getLong();
  }
}
