package io.blockmover.engine.fetch;

import io.blockmover.api.MoverException;

/** What is known of the pieces of a volume, asked in ascending order. For one thread. */
public interface PieceStates {

  /** Nothing is known: every piece is compared with its chunks. */
  PieceStates UNKNOWN = (piece, out, at) -> false;

  /**
   * Whether the fingerprint of a piece is known.
   *
   * @param out its 16 bytes are written from {@code at} on if it is
   */
  boolean find(long piece, byte[] out, int at) throws MoverException;
}
