package io.blockmover.velero.download;

import io.blockmover.testkit.kubernetes.FakeApiServer;

/**
 * A process that dies at one of its writes: from then on nothing that it asks for is done. The
 * write itself is done or not, as the test wants.
 */
final class DeathAtWrite {

  private static final int REFUSED = 403;

  private final int at;
  private int writes;
  private boolean dead;

  /**
   * @param at number of the write, from 0; none if it is below
   * @param done whether only the answer is lost
   */
  DeathAtWrite(FakeApiServer server, int at, boolean done) {
    this.at = at;
    server.fail(request -> dead, REFUSED, Integer.MAX_VALUE);
    if (done) {
      server.failAfter(this::strikes, REFUSED, Integer.MAX_VALUE);
    } else {
      server.fail(this::strikes, REFUSED, Integer.MAX_VALUE);
    }
  }

  private boolean strikes(String request) {
    if (request.startsWith("GET ") || writes++ != at) {
      return false;
    }
    dead = true;
    return true;
  }

  /** Writes until now. */
  int writes() {
    return writes;
  }

  /** Whether it has died since this was asked last; it lives again then. */
  boolean buried() {
    boolean was = dead;
    dead = false;
    return was;
  }
}
