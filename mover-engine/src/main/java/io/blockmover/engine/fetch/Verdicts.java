package io.blockmover.engine.fetch;

import java.util.BitSet;

/** What comparing a window found. Pieces are counted from the window's first. */
public final class Verdicts {

  private final BitSet different;
  private final BitSet undecided;

  Verdicts(int pieces) {
    different = new BitSet(pieces);
    undecided = new BitSet(pieces);
  }

  synchronized void addDifferent(int piece) {
    different.set(piece);
  }

  synchronized void addUndecided(int piece) {
    undecided.set(piece);
  }

  /** Pieces that differ. */
  public synchronized BitSet different() {
    return (BitSet) different.clone();
  }

  /** Pieces that only their chunks can tell. */
  public synchronized BitSet undecided() {
    return (BitSet) undecided.clone();
  }
}
