package io.blockmover.kubernetes.exposure;

import io.blockmover.api.ClusterUnavailable;
import io.blockmover.api.MoverException;

/** Who wants to know how it goes, and may stop it. Called from the thread that does the work. */
public interface Watch {

  /** A step begins; words for a person. */
  void step(String what);

  /** A line that mover printed in the pod. */
  void line(String line);

  /**
   * Asked often.
   *
   * @throws io.blockmover.api.Cancelled if the user wants no more
   */
  void check() throws MoverException;

  /** Waits until the next look. */
  default void pause(Pace pace) throws MoverException {
    check();
    try {
      Thread.sleep(pace.poll());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterUnavailable("interrupted while waiting for the cluster", "", e);
    }
  }
}
