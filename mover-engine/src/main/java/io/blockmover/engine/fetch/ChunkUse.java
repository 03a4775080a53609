package io.blockmover.engine.fetch;

import io.blockmover.api.Extent;

/**
 * A place of the volume that holds bytes of a chunk.
 *
 * @param offset in the volume
 * @param length in bytes
 * @param within where in the chunk they begin
 */
public record ChunkUse(long offset, int length, int within) {

  /** The place as an extent. */
  public Extent extent() {
    return new Extent(offset, length);
  }
}
