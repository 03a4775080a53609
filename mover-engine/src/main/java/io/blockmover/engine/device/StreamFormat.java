package io.blockmover.engine.device;

import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import java.io.IOException;
import java.io.OutputStream;

/** How a whole volume is written to a stream. */
@FunctionalInterface
public interface StreamFormat {

  /** Every byte in its order, zeros too. */
  StreamFormat RAW =
      (volume, out) -> {
        if (volume.sizeBytes() > 0) {
          try (VolumeCopy copy = new VolumeCopy(volume)) {
            copy.copy(0, volume.sizeBytes(), out);
          }
        }
      };

  /**
   * Writes the volume.
   *
   * @param volume whole by now; it knows its holes where the file system does
   * @param out stays open
   * @throws IOException if the stream does not take it
   */
  void write(BlockSource volume, OutputStream out) throws MoverException, IOException;
}
