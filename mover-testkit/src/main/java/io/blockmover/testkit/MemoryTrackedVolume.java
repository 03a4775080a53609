package io.blockmover.testkit;

import io.blockmover.api.Extent;
import java.util.Arrays;

/** A live volume in memory; what a snapshot of it is, its heirs say. */
public abstract class MemoryTrackedVolume implements TrackedVolume {

  private volatile byte[] live;

  /** A volume of zeros. */
  protected MemoryTrackedVolume(long sizeBytes) {
    live = new byte[Math.toIntExact(sizeBytes)];
  }

  /** What the volume holds at this moment: a copy. */
  protected final byte[] content() {
    return live.clone();
  }

  /** The size at this moment. */
  public final int sizeBytes() {
    return live.length;
  }

  @Override
  public final void write(long offset, byte[] bytes) {
    System.arraycopy(bytes, 0, live, Math.toIntExact(offset), bytes.length);
  }

  @Override
  public final void discard(Extent extent) {
    Arrays.fill(live, (int) extent.offset(), (int) extent.end(), (byte) 0);
  }

  @Override
  public final void grow(long newSizeBytes) {
    live = Arrays.copyOf(live, Math.toIntExact(newSizeBytes));
  }

  @Override
  public void close() {}
}
