package io.blockmover.engine.fetch;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import java.nio.ByteBuffer;

/** Looks whether a volume holds zeros. */
public final class ZeroCheck {

  private static final int STEP_BYTES = 64 << 10;
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(STEP_BYTES).asReadOnlyBuffer();

  private final VolumeBytes volume;

  public ZeroCheck(VolumeReader volume) {
    this.volume = new VolumeBytes(volume);
  }

  /** Whether all of an extent is zeros. */
  public boolean isZero(Worker worker, Extent extent) throws MoverException {
    for (long at = extent.offset(); at < extent.end(); at += STEP_BYTES) {
      worker.requireGoingOn();
      int length = (int) Math.min(STEP_BYTES, extent.end() - at);
      if (!volume.read(worker, at, length).equals(ZEROS.slice(0, length))) {
        return false;
      }
    }
    return true;
  }
}
