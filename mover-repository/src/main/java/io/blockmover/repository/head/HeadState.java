package io.blockmover.repository.head;

import io.blockmover.api.store.VersionTag;
import io.blockmover.repository.VolumeId;
import org.jspecify.annotations.Nullable;

/**
 * A HEAD as it was at one moment.
 *
 * @param version null if there was none
 * @param sha256 of its bytes, null if there was none
 */
public record HeadState(
    VolumeId id, VolumeHead head, @Nullable VersionTag version, @Nullable String sha256) {

  /** Whether nothing has been written since. */
  public boolean sameAs(HeadState other) {
    return head.seq() == other.head.seq() && head.nonce().equals(other.head.nonce());
  }
}
