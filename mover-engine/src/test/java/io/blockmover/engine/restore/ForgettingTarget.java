package io.blockmover.engine.restore;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockTarget;
import java.nio.ByteBuffer;

/** A target that, when it is asked whether it is empty, lets something happen elsewhere. */
final class ForgettingTarget implements BlockTarget {

  private final BlockTarget target;
  private final Event event;
  private boolean happened;

  /** What happens. */
  interface Event {
    void happen() throws MoverException;
  }

  ForgettingTarget(BlockTarget target, Event event) {
    this.target = target;
    this.event = event;
  }

  @Override
  public String name() {
    return target.name();
  }

  @Override
  public long sizeBytes() {
    return target.sizeBytes();
  }

  @Override
  public int alignmentBytes() {
    return target.alignmentBytes();
  }

  @Override
  public boolean startsAsZeros() {
    if (!happened) {
      happened = true;
      try {
        event.happen();
      } catch (MoverException e) {
        throw new AssertionError(e);
      }
    }
    return false;
  }

  @Override
  public void write(long offset, ByteBuffer from) throws MoverException {
    target.write(offset, from);
  }

  @Override
  public void zero(Extent extent) throws MoverException {
    target.zero(extent);
  }

  @Override
  public int read(long offset, ByteBuffer into) throws MoverException {
    return target.read(offset, into);
  }

  @Override
  public void flush() throws MoverException {
    target.flush();
  }

  @Override
  public void close() {
    target.close();
  }
}
