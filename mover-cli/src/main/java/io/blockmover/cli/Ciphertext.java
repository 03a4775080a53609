package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.api.SourceReadFailed;
import io.blockmover.api.source.BlockSource;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Whether a volume's bytes are ciphertext of LUKS, as those of ceph-csi's encrypted volumes are.
 */
final class Ciphertext {

  /** What the backup of such a volume is tagged with. */
  static final String TAG = "encrypted:luks";

  private static final byte[] MAGIC = {'L', 'U', 'K', 'S', (byte) 0xba, (byte) 0xbe};
  private static final int PAGE = 4096;

  private Ciphertext() {}

  /** Looks at the header, with which both versions begin. */
  static boolean is(BlockSource source) throws MoverException {
    ByteBuffer page = ByteBuffer.allocateDirect(2 * PAGE).alignedSlice(PAGE).limit(PAGE);
    try {
      if (source.sizeBytes() < PAGE || source.read(0, page) < MAGIC.length) {
        return false;
      }
    } catch (SourceReadFailed e) {
      return false; // the backup will meet it again, and say so
    }
    byte[] start = new byte[MAGIC.length];
    page.flip().get(start);
    return Arrays.equals(start, MAGIC);
  }
}
