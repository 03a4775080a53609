package io.blockmover.ceph.rbd.volume;

import io.blockmover.api.DeviceFailed;
import io.blockmover.api.MoverException;
import io.blockmover.ceph.rbd.ImageIdentity;
import io.blockmover.ceph.rbd.librbd.CephErrno;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.RbdImage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An image, or a snapshot, that is open for reading and stays so: a connection that the cluster has
 * blocklisted is replaced by another, which opens the same by its ids. Only for what is read: a
 * writer that was fenced off must not come back. Thread-safe.
 */
final class SteadyImage implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SteadyImage.class);

  /** Who is blocklisted more often than this is meant to stay out. */
  private static final int MAX_RECONNECTS = 3;

  /** A call on what is open. */
  interface Call<T> {
    T on(OpenImage open) throws CephFailure;
  }

  /** A call on the image alone. */
  interface ImageCall<T> {
    T on(RbdImage image) throws CephFailure;
  }

  /** Opens the same on a new connection. */
  interface Reopening {
    OpenImage open(ImageIdentity identity) throws CephFailure, MoverException;
  }

  private final Reopening reopening;
  private final ImageIdentity identity;
  private volatile OpenImage current;
  private int reconnects;
  private boolean closed;

  /**
   * @param open taken over
   */
  SteadyImage(ImageIdentity identity, OpenImage open, Reopening reopening) {
    this.reopening = reopening;
    this.identity = identity;
    this.current = open;
  }

  ImageIdentity identity() {
    return identity;
  }

  /** Makes a call; once more, on another connection, if this one was blocklisted. */
  <T> T call(Call<T> call) throws CephFailure, MoverException {
    while (true) {
      OpenImage open = current;
      try {
        return call.on(open);
      } catch (CephFailure e) {
        boolean replaced = !open.equals(current) && e.errno() == CephErrno.CLOSED;
        if (e.errno() != CephErrno.BLOCKLISTED && !replaced) {
          throw e;
        }
        reconnect(open, e);
      }
    }
  }

  /** Makes a call on the image alone. */
  <T> T onImage(ImageCall<T> call) throws CephFailure, MoverException {
    return call(open -> call.on(open.image()));
  }

  private synchronized void reconnect(OpenImage failed, CephFailure why)
      throws CephFailure, MoverException {
    if (closed) {
      throw why;
    }
    if (!current.equals(failed)) {
      return;
    }
    if (reconnects == MAX_RECONNECTS) {
      throw why;
    }
    reconnects++;
    log.warn("{}: connecting again", why.getMessage());
    OpenImage next = reopening.open(identity);
    if (!next.connection().fsid().equals(identity.fsid())) {
      next.close();
      throw new DeviceFailed(
          next.connection().name() + " is another cluster now",
          "run again when it is the right one",
          why);
    }
    current = next;
    failed.close();
  }

  @Override
  public synchronized void close() {
    closed = true;
    current.close();
  }
}
