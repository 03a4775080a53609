package io.blockmover.engine.restore;

import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.api.source.ForwardingBlockTarget;
import java.nio.ByteBuffer;

/** A target that says it wrote everything, and drops one byte. */
final class ForgetfulTarget extends ForwardingBlockTarget {

  private final long dropped;

  ForgetfulTarget(BlockTarget target, long dropped) {
    super(target);
    this.dropped = dropped;
  }

  @Override
  public String name() {
    return "forgetful target";
  }

  @Override
  public void write(long offset, ByteBuffer from) throws MoverException {
    long end = offset + from.remaining();
    super.write(offset, from);
    if (offset <= dropped && dropped < end) {
      ByteBuffer old = ByteBuffer.allocateDirect(1);
      read(dropped, old);
      super.write(dropped, ByteBuffer.allocateDirect(1).put((byte) ~old.get(0)).flip());
    }
  }
}
