package io.blockmover.velero.upload;

import io.blockmover.testkit.kubernetes.FakeApiServer;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets a controller die at one of its writes: before it reached the server, or after it was done
 * and only the reply was lost. A dead one reaches nothing until it is {@link #revive revived}.
 */
final class DyingController {

  private static final int REFUSED = 400;

  private final int write;
  private int writes;
  private boolean dead;
  private boolean dying = true;

  /**
   * @param write the number of the write, from 1; 0 for none
   */
  DyingController(FakeApiServer server, int write, boolean replyLost) {
    this.write = write;
    if (replyLost) {
      server.failAfter(this::strikes, REFUSED, 1);
    } else {
      server.fail(this::strikes, REFUSED, 1);
    }
    server.fail(request -> dead, REFUSED, Integer.MAX_VALUE);
  }

  private synchronized boolean strikes(String request) {
    if (dying && !dead && isWrite(request) && ++writes == write) {
      dead = true;
      return true;
    }
    return false;
  }

  boolean dead() {
    return dead;
  }

  void revive() {
    dead = false;
    dying = false;
  }

  static boolean isWrite(String request) {
    return !request.startsWith("GET") && !request.startsWith("WATCH");
  }

  static List<String> writes(FakeApiServer server) {
    return new ArrayList<>(server.requests().stream().filter(DyingController::isWrite).toList());
  }
}
