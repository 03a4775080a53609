package io.blockmover.engine.fetch;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import java.nio.ByteBuffer;

/** Opens the chunks of one fetch and does something with them. For one thread. */
public interface ChunkConsumer {

  /**
   * Takes a chunk; what it holds may be kept in {@link Worker#plain()} until {@link #end}.
   *
   * @param record header and ciphertext, position to limit
   * @throws CorruptData if the chunk is not what was written; the next ones may be
   * @throws MoverException anything else ends all work
   */
  void accept(Worker worker, WantedChunk chunk, ByteBuffer record) throws MoverException;

  /** Called after the last chunk of the fetch. */
  default void end(Worker worker) throws MoverException {}
}
