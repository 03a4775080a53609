package io.blockmover.repository;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Random bytes, injected so that the simulation owns them. Thread-safe. */
public interface Randomness {

  /** Fills an array with unpredictable bytes. */
  void fill(byte[] bytes);

  /** Sixteen random bytes: a name that nobody had before, as 32 hex digits. */
  default String name() {
    return HexFormat.of().formatHex(bytes(16));
  }

  /** So many random bytes. */
  default byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    fill(bytes);
    return bytes;
  }

  /** The machine's. */
  static Randomness secure() {
    SecureRandom random = new SecureRandom();
    return random::nextBytes;
  }
}
