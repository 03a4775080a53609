package io.blockmover.engine.fetch;

import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackName;
import java.util.List;

/**
 * One request to the store and the chunks that its answer holds.
 *
 * @param from first byte in the pack
 * @param chunks in order of their first use in the volume
 */
public record Fetch(PackName pack, int from, int length, List<WantedChunk> chunks) {

  public Fetch {
    chunks = List.copyOf(chunks);
  }

  /** A request for one chunk alone. */
  public static Fetch of(WantedChunk chunk) {
    int from = chunk.location().offset();
    int length = chunk.location().endOffset() - from;
    return new Fetch(chunk.location().pack(), from, length, List.of(chunk));
  }

  /** The object to read from. */
  public String key() {
    return PackKind.DATA.keyOf(pack);
  }
}
