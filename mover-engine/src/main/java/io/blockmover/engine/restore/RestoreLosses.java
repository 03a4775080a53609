package io.blockmover.engine.restore;

import io.blockmover.api.CorruptData;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.engine.fetch.ChunkUse;
import io.blockmover.engine.fetch.Losses;
import io.blockmover.engine.fetch.MapDamage;
import io.blockmover.engine.fetch.WantedChunk;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What could not be restored. The first loss ends the work unless it is to be kept going. */
final class RestoreLosses implements Losses, MapDamage {

  private final boolean keepGoing;
  private final String backup;
  private final Gone gone;
  private final List<WantedChunk> again = new ArrayList<>();
  private final Set<LostExtent> lost =
      new TreeSet<>(
          Comparator.comparingLong((LostExtent one) -> one.extent().offset())
              .thenComparing(LostExtent::object));
  private boolean secondTry;

  /** Asked when an object is missing: whether the backup is still there at all. */
  @FunctionalInterface
  interface Gone {

    /**
     * Returns if it is.
     *
     * @throws MoverException if the backup was forgotten in the meantime
     */
    void requireStillThere() throws MoverException;
  }

  RestoreLosses(boolean keepGoing, String backup, Gone gone) {
    this.keepGoing = keepGoing;
    this.backup = backup;
    this.gone = gone;
  }

  @Override
  public void lost(WantedChunk chunk, MoverException why) throws MoverException {
    MoverException damage = damage(why, chunk.key(), chunk.uses().getFirst().extent());
    if (!keepGoing) {
      throw damage;
    }
    synchronized (this) {
      if (!secondTry) {
        again.add(chunk);
        return;
      }
      for (ChunkUse use : chunk.uses()) {
        lost.add(new LostExtent(use.extent(), chunk.key(), String.valueOf(damage.getMessage())));
      }
    }
  }

  @Override
  public void lost(String object, Extent extent, MoverException why) throws MoverException {
    MoverException damage = damage(why, object, extent);
    if (!keepGoing) {
      throw damage;
    }
    synchronized (this) {
      lost.add(new LostExtent(extent, object, String.valueOf(damage.getMessage())));
    }
  }

  private MoverException damage(MoverException why, String object, Extent extent)
      throws MoverException {
    String consequence = "backup " + backup + " needs it for extent " + extent;
    if (why instanceof CorruptData corrupt) {
      return corrupt.breaking(consequence);
    }
    gone.requireStillThere();
    return new CorruptData(object, "an object that the backup needs", "none", why)
        .breaking(consequence);
  }

  /**
   * The chunks that failed so far, once. Worth another look when everything else has been read: a
   * data key that one pack could not give may be known from another.
   */
  synchronized List<WantedChunk> takeForSecondTry() {
    secondTry = true;
    List<WantedChunk> taken = List.copyOf(again);
    again.clear();
    return taken;
  }

  /** Ascending; empty if all is well. */
  synchronized List<LostExtent> extents() {
    return List.copyOf(lost);
  }
}
