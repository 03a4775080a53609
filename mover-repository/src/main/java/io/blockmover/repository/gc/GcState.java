package io.blockmover.repository.gc;

import io.blockmover.api.store.VersionTag;
import org.jspecify.annotations.Nullable;

/**
 * {@code gc/HEAD} as it was at one moment.
 *
 * @param version null if there was none
 */
record GcState(GcHead head, @Nullable VersionTag version) {

  /** Whether nothing has been written since. */
  boolean sameAs(GcState other) {
    return head.seq() == other.head.seq() && head.nonce().equals(other.head.nonce());
  }
}
