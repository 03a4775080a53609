package io.blockmover.repository.pack;

import java.nio.ByteBuffer;

/** Takes finished data packs; in production {@link PackUploader}. */
public interface PackSink {

  /**
   * Takes a pack over and returns soon; may wait for a free place.
   *
   * @param pack the whole object, from position to limit
   * @param memory to be released to the pool when the pack is durable or given up
   */
  void accept(PackName name, ByteBuffer pack, ByteBuffer memory) throws InterruptedException;
}
