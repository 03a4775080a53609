package io.blockmover.repository.commit;

import java.util.EnumMap;
import java.util.Map;

/** Counts lost rounds. Thread-safe. */
public final class CommitStatistics {

  private final EnumMap<RedoReason, Integer> redos = new EnumMap<>(RedoReason.class);

  CommitStatistics() {}

  synchronized void count(RedoReason reason) {
    redos.merge(reason, 1, Integer::sum);
  }

  /** How many rounds were lost, by reason; reasons that did not occur are missing. */
  public synchronized Map<RedoReason, Integer> redos() {
    return Map.copyOf(redos);
  }
}
