package io.blockmover.cbt.k8s;

import io.blockmover.api.TrackingUnavailable;

/**
 * Holds a stream to the contract of the service, which its sidecar does not: it passes on whatever
 * a driver sends. What breaks it is never repaired or left out, as the list could be short of more.
 */
final class EntryCheck {

  private final String driver;
  private final MetadataQuery query;
  private long lastOffset = -1;
  private long lastEnd;

  EntryCheck(String driver, MetadataQuery query) {
    this.driver = driver;
    this.query = query;
  }

  /** A new call of the same question: its first extent may begin before the last one ended. */
  void restart() {
    lastOffset = -1;
    lastEnd = 0;
  }

  /** What the message says of the whole stream. */
  StreamShape shape(MetadataMessage message) throws TrackingUnavailable {
    if (message.type() != MetadataMessage.FIXED_LENGTH
        && message.type() != MetadataMessage.VARIABLE_LENGTH) {
      throw broken(message, "block metadata type " + message.type() + " is none that is known");
    }
    if (message.capacityBytes() <= 0) {
      throw broken(message, "the volume's capacity is " + message.capacityBytes());
    }
    return new StreamShape(message.type(), message.capacityBytes());
  }

  /** The message differs from the one before it in what must stay the same. */
  TrackingUnavailable changed(MetadataMessage message, StreamShape before, StreamShape now) {
    return broken(message, "the stream was of " + before + " and is now of " + now);
  }

  /** Checks an entry by itself and against the one before it. */
  void check(MetadataMessage message, int entry) throws TrackingUnavailable {
    long offset = message.offset(entry);
    long size = message.sizeBytes(entry);
    if (offset >= lastEnd && size > 0 && offset <= Long.MAX_VALUE - size) {
      if (offset >= message.capacityBytes()) {
        throw broken(message, entry, "begins beyond the capacity " + message.capacityBytes());
      }
      lastOffset = offset;
      lastEnd = offset + size;
      return;
    }
    throw broken(message, entry, fault(offset, size));
  }

  private String fault(long offset, long size) {
    if (offset < 0) {
      return "begins before the volume";
    }
    if (size <= 0) {
      return "has no size";
    }
    if (offset > Long.MAX_VALUE - size) {
      return "ends beyond what a number holds";
    }
    return offset < lastOffset
        ? "is out of order: the one before begins at " + lastOffset
        : "overlaps the one before, which ends at " + lastEnd;
  }

  private TrackingUnavailable broken(MetadataMessage message, int entry, String fault) {
    return broken(
        message,
        "entry %d (offset %d, size %d) %s"
            .formatted(entry + 1, message.offset(entry), message.sizeBytes(entry), fault));
  }

  private TrackingUnavailable broken(MetadataMessage message, String what) {
    return new TrackingUnavailable(
        "driver %s broke the contract when it was asked for %s: message %d: %s"
            .formatted(driver, query, message.number(), what),
        "report this to the driver's makers; nothing of its list is used");
  }
}
