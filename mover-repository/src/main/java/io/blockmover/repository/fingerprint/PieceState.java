package io.blockmover.repository.fingerprint;

import org.jspecify.annotations.Nullable;

/** What is known of a piece. */
public enum PieceState {
  /** All zeros; what no layer names is this. */
  ZERO(0),
  /** It has a fingerprint. */
  KNOWN(1),
  /** Something else than before, and nobody looked at all of it. */
  UNKNOWN(2);

  private final byte code;

  PieceState(int code) {
    this.code = (byte) code;
  }

  byte code() {
    return code;
  }

  static @Nullable PieceState of(byte code) {
    for (PieceState state : values()) {
      if (state.code == code) {
        return state;
      }
    }
    return null;
  }
}
