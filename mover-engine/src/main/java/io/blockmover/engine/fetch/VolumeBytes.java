package io.blockmover.engine.fetch;

import io.blockmover.api.MoverException;
import java.nio.ByteBuffer;

/** Reads any extent of a volume, aligned or not, into {@link Worker#other()}. */
public record VolumeBytes(VolumeReader volume) {

  private static final int ALIGNMENT = 4096;

  /**
   * The bytes of an extent no longer than a chunk; fewer where the volume ends.
   *
   * @return valid until the worker's memory is used again
   */
  public ByteBuffer read(Worker worker, long offset, int length) throws MoverException {
    int before = (int) (offset % ALIGNMENT);
    ByteBuffer into = worker.other();
    into.limit(Math.ceilDiv(before + length, ALIGNMENT) * ALIGNMENT);
    int got = volume.read(offset - before, into) - before;
    return into.slice(before, Math.clamp(got, 0, length));
  }
}
