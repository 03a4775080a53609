package io.blockmover.cbt.k8s;

import io.blockmover.api.Cancelled;
import io.blockmover.api.MoverException;
import io.blockmover.api.TrackingUnavailable;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks the service of one driver. One connection, which all streams share; the object that
 * describes the service is read again whenever it may have changed. Thread-safe.
 */
final class MetadataClient implements AutoCloseable {

  private final ServiceAccess access;
  private final String driver;
  private final EndpointOverride override;
  private final StreamPolicy policy;
  private final TrackerMeters meters;
  private final Waiting waiting;

  private @Nullable ServiceChannel channel;
  private boolean closed;
  private boolean started;
  private long nextStart;

  MetadataClient(
      ServiceAccess access,
      String driver,
      EndpointOverride override,
      StreamPolicy policy,
      TrackerMeters meters,
      Waiting waiting) {
    this.access = access;
    this.driver = driver;
    this.override = override;
    this.policy = policy;
    this.meters = meters;
    this.waiting = waiting;
  }

  String driver() {
    return driver;
  }

  StreamPolicy policy() {
    return policy;
  }

  TrackerMeters meters() {
    return meters;
  }

  Waiting waiting() {
    return waiting;
  }

  /**
   * Reads where the service is, unless that is known.
   *
   * @throws TrackingUnavailable if there is none that can be used
   */
  void connect() throws TrackingUnavailable {
    current();
  }

  /**
   * Starts a call.
   *
   * @throws TrackingUnavailable if there is no service, or no token
   * @throws Cancelled if the thread was interrupted
   */
  MetadataCall start(MetadataQuery query, long fromOffset, int maxResults) throws MoverException {
    ServiceChannel to = current();
    String token;
    try {
      token = access.token(to.endpoint());
    } catch (MoverException e) {
      throw unavailable("there is no token for driver " + driver + ": " + e.getMessage(), e);
    }
    meters.tokenUsed(driver);
    waitForTurn();
    long now = waiting.nanoTime();
    return MetadataCall.start(
        to.channel(), query, token, fromOffset, maxResults, policy.silence(), now);
  }

  /** The service refused the token or the two do not trust each other: either may have changed. */
  void renew() throws TrackingUnavailable {
    access.discardToken(current().endpoint());
    refresh();
  }

  /** The service did not answer: looks whether the question still makes sense, and where to. */
  void look(MetadataQuery query) throws MoverException {
    access.requireUsable(query.namespace(), query.snapshot());
    refresh();
  }

  /** Reads the service object again; whoever asks next asks where it says now. */
  private void refresh() throws TrackingUnavailable {
    ServiceEndpoint now = find();
    synchronized (this) {
      ServiceChannel old = channel;
      if (old == null) {
        return;
      }
      if (old.endpoint().equals(now)) {
        old.retryNow();
        return;
      }
      channel = new ServiceChannel(now, override);
      // Streams on the old connection go on; it ends with them.
      old.retire();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }

  private ServiceChannel current() throws TrackingUnavailable {
    synchronized (this) {
      if (closed) {
        throw new TrackingUnavailable("the connection to driver " + driver + " is closed", "");
      }
      if (channel != null) {
        return channel;
      }
    }
    ServiceEndpoint endpoint = find(); // asks the API server: not under the lock
    synchronized (this) {
      if (channel == null && !closed) {
        channel = new ServiceChannel(endpoint, override);
      }
      if (channel == null) {
        throw new TrackingUnavailable("the connection to driver " + driver + " is closed", "");
      }
      return channel;
    }
  }

  private ServiceEndpoint find() throws TrackingUnavailable {
    Optional<ServiceEndpoint> found;
    try {
      found = access.find(driver);
    } catch (MoverException e) {
      throw unavailable(
          "cannot learn where driver " + driver + " lists changed blocks: " + e.getMessage(), e);
    }
    return found.orElseThrow(
        () ->
            new TrackingUnavailable(
                "driver " + driver + " offers no SnapshotMetadataService",
                "install the driver with its external-snapshot-metadata sidecar; the object must"
                    + " be named like the driver: kubectl get snapshotmetadataservices"));
  }

  private static TrackingUnavailable unavailable(String message, MoverException cause) {
    return new TrackingUnavailable(message, cause.advice(), cause);
  }

  private void waitForTurn() throws Cancelled {
    Duration wait;
    synchronized (this) {
      long now = waiting.nanoTime();
      long at = started && nextStart - now > 0 ? nextStart : now;
      started = true;
      nextStart = at + policy.betweenStarts().toNanos();
      wait = Duration.ofNanos(at - now);
    }
    pause(wait);
  }

  /** Waits; an interrupt ends it. */
  void pause(Duration duration) throws Cancelled {
    if (duration.isZero()) {
      return;
    }
    try {
      waiting.pause(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("interrupted while waiting to ask driver " + driver, "", e);
    }
  }
}
