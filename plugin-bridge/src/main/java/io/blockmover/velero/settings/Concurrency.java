package io.blockmover.velero.settings;

import java.util.Map;

/**
 * How many transfers are at work at once.
 *
 * @param total in all
 * @param perNode times the number of nodes that are ready
 * @param perStorageClass by the name of the source's or target's class; no limit where none is set
 * @param smallBytes volumes below may overtake
 * @param overtakes how often one volume may be overtaken by small ones
 */
public record Concurrency(
    int total, int perNode, Map<String, Integer> perStorageClass, long smallBytes, int overtakes) {

  public static final Concurrency STANDARD = new Concurrency(8, 2, Map.of(), 1L << 30, 4);

  public Concurrency {
    perStorageClass = Map.copyOf(perStorageClass);
    if (total < 1 || perNode < 1 || overtakes < 0) {
      throw new IllegalArgumentException("limits are at least 1");
    }
  }
}
