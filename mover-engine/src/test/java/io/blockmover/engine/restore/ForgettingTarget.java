package io.blockmover.engine.restore;

import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.api.source.ForwardingBlockTarget;

/** A target that, when it is asked whether it is empty, lets something happen elsewhere. */
final class ForgettingTarget extends ForwardingBlockTarget {

  private final Event event;
  private boolean happened;

  /** What happens. */
  interface Event {
    void happen() throws MoverException;
  }

  ForgettingTarget(BlockTarget target, Event event) {
    super(target);
    this.event = event;
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
}
