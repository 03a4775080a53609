package io.blockmover.engine.fetch;

import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.source.BlockTarget;
import java.nio.ByteBuffer;

/** A volume that is compared with a backup. Thread-safe. */
@FunctionalInterface
public interface VolumeReader {

  /**
   * Reads as {@link BlockSource#read}.
   *
   * @param into aligned to 4096, as are its length and the offset
   */
  int read(long offset, ByteBuffer into) throws MoverException;

  static VolumeReader of(BlockSource source) {
    return source::read;
  }

  static VolumeReader of(BlockTarget target) {
    return target::read;
  }
}
