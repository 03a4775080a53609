package io.blockmover.repository.layer;

import java.util.ArrayList;
import java.util.List;

/**
 * Which layers of a new backup should become one. The cost is spread: a row is rewritten when the
 * layers after it have grown to at least half of its layer, or a quarter of the base, and not for
 * every few small overlays; so what an incremental writes stays proportional to the change.
 *
 * @param firstMerged index of the first of the layers that become one; all after it do, too
 */
public record Compaction(int firstMerged) {

  /** How many overlays a backup may keep. */
  public static final int MAX_OVERLAYS = 16;

  private static final int BASE_TO_OVERLAYS = 4;
  private static final int OLDER_TO_NEWER = 2;

  /** Whether a new base is written. */
  public boolean newBase() {
    return firstMerged == 0;
  }

  /** Whether there is nothing to do for these layers. */
  public boolean keepsAll(List<Layer> layers) {
    return firstMerged >= layers.size() - 1;
  }

  /**
   * Decides.
   *
   * @param layers oldest first, the new one last; without {@link #dropEmpty empty} ones
   */
  public static Compaction of(List<Layer> layers) {
    int last = layers.size() - 1;
    if (last < 1) {
      return new Compaction(0);
    }
    long overlayEntries = layers.stream().skip(1).mapToLong(Layer::entries).sum();
    if (overlayEntries > layers.getFirst().entries() / BASE_TO_OVERLAYS) {
      return new Compaction(0);
    }
    if (last <= MAX_OVERLAYS) {
      return new Compaction(last);
    }
    int first = last;
    long sum = layers.get(last).entries();
    while (first > 1
        && (first == last || layers.get(first - 1).entries() <= OLDER_TO_NEWER * sum)) {
      first--;
      sum += layers.get(first).entries();
    }
    return new Compaction(hidesShrinking(layers, first) ? 0 : first);
  }

  /**
   * Whether the volume shrank and grew again within the layers to be merged: what older layers say
   * of its tail is gone, but one merged overlay of the final size could not tell; a base can.
   */
  private static boolean hidesShrinking(List<Layer> layers, int first) {
    long older =
        layers.stream().limit(first).mapToLong(Layer::volumeBytes).max().orElse(Long.MAX_VALUE);
    long smallest =
        layers.stream().skip(first).mapToLong(Layer::volumeBytes).min().orElse(Long.MAX_VALUE);
    return smallest < Math.min(older, layers.getLast().volumeBytes());
  }

  /** Leaves out overlays that say nothing: no entries, and the volume's size did not change. */
  public static List<Layer> dropEmpty(List<Layer> layers) {
    List<Layer> kept = new ArrayList<>();
    for (Layer layer : layers) {
      boolean silent =
          !kept.isEmpty()
              && layer.entries() == 0
              && layer.volumeBytes() == kept.getLast().volumeBytes();
      if (!silent) {
        kept.add(layer);
      }
    }
    return kept;
  }
}
