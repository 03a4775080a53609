package io.blockmover.cbt.k8s;

import io.blockmover.api.BaseSnapshotMissing;
import io.blockmover.api.MoverException;
import io.blockmover.api.TrackingUnavailable;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * One stream, message by message, as the driver sends it: for people who want to see that. It is
 * held to its contract, and not resumed. Not thread-safe.
 */
public final class MetadataListing implements AutoCloseable {

  private final MetadataClient client;
  private final MetadataQuery query;
  private final EntryCheck check;
  private final TrackerMeters.Stream meters;
  private final MetadataCall call;
  private @Nullable StreamShape shape;

  private MetadataListing(MetadataClient client, MetadataQuery query, MetadataCall call) {
    this.client = client;
    this.query = query;
    this.call = call;
    this.check = new EntryCheck(client.driver(), query);
    this.meters = client.meters().stream(client.driver(), query);
  }

  /**
   * Asks.
   *
   * @param fromOffset what ends at or before it is not wanted
   * @param maxResults extents in a message at most, 0 for the driver's choice
   * @throws TrackingUnavailable if there is no service, or no token
   */
  public static MetadataListing open(
      ServiceAccess access,
      String driver,
      MetadataQuery query,
      EndpointOverride override,
      long fromOffset,
      int maxResults,
      MeterRegistry registry)
      throws MoverException {
    MetadataClient client =
        new MetadataClient(
            access,
            driver,
            override,
            StreamPolicy.DEFAULT,
            new TrackerMeters(registry),
            Waiting.real());
    try {
      return new MetadataListing(client, query, client.start(query, fromOffset, maxResults));
    } catch (MoverException | RuntimeException e) {
      client.close();
      throw e;
    }
  }

  /**
   * The next message, or null once the driver said that this was all.
   *
   * @throws BaseSnapshotMissing if the base is unknown to the driver
   * @throws TrackingUnavailable if the stream ended otherwise: what came is not the whole
   */
  public @Nullable MetadataMessage next() throws MoverException {
    try {
      MetadataMessage message = call.next();
      if (message == null) {
        meters.end("complete");
      } else {
        meters.message(message.entries());
      }
      return message;
    } catch (CallFailed e) {
      meters.end(e.code().name());
      String words =
          "driver %s did not list %s: %s".formatted(client.driver(), query, e.getMessage());
      throw StatusTable.row(e.code()).action() == StatusTable.Action.BASE_GONE
              && query instanceof MetadataQuery.Delta
          ? new BaseSnapshotMissing(words, e.advice(), e)
          : new TrackingUnavailable(words, e.advice(), e);
    }
  }

  /**
   * Checks a message against the contract and all that were checked before it.
   *
   * @throws TrackingUnavailable if it breaks it, naming the entry
   */
  public void check(MetadataMessage message) throws TrackingUnavailable {
    StreamShape now = check.shape(message);
    if (shape != null && !shape.equals(now)) {
      throw check.changed(message, shape, now);
    }
    shape = now;
    for (int entry = 0; entry < message.entries(); entry++) {
      check.check(message, entry);
      meters.reported(message.sizeBytes(entry));
    }
  }

  @Override
  public void close() {
    meters.end("abandoned");
    call.close();
    client.close();
  }
}
