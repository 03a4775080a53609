package io.blockmover.engine.backup;

import io.blockmover.api.Extent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether the list that a pass follows was caught leaving something out. Thread-safe. */
final class ListVerdict {

  private volatile @Nullable Extent caught;

  /** Tells of a place that the list should have named; only the first one told counts. */
  synchronized void caught(Extent place) {
    if (caught == null) {
      caught = place;
    }
  }

  /** Whether nothing that the list left out may be believed. */
  boolean isVoid() {
    return caught != null;
  }

  /** The place that gave it away. */
  Optional<Extent> place() {
    return Optional.ofNullable(caught);
  }
}
