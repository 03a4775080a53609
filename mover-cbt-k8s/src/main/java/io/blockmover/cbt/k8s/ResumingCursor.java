package io.blockmover.cbt.k8s;

import io.blockmover.api.BaseSnapshotMissing;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.ExtentCursor;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A list over as many calls as it takes. It is complete only when a call ended with OK; a call that
 * broke is followed by another from the end of the last entry, while that gets any further.
 */
final class ResumingCursor implements ExtentCursor {

  private static final Logger LOG = LoggerFactory.getLogger(ResumingCursor.class);

  private static final int FEWEST_RESULTS = 256;
  private static final int MAX_RESTARTS = 3;

  private final MetadataClient client;
  private final MetadataQuery query;
  private final AtomicReference<@Nullable StreamShape> shape;
  private final EntryCheck check;
  private final TrackerMeters.Stream meters;
  private final Consumer<ResumingCursor> whenClosed;
  private final Supplier<ListedExtents> newList;
  private final DeliveredExtents delivered = new DeliveredExtents();
  private final boolean continues;
  private final long start;

  private ListedExtents extents;

  /** What was handed out already and comes again; null unless the list is read once more. */
  private @Nullable DeliveredExtents replayed;

  private int restarts;

  private volatile @Nullable MetadataCall call;
  private volatile boolean closed;
  private @Nullable MetadataMessage message;
  private @Nullable StreamShape shapeOfCall;
  private int nextEntry;
  private int maxResults;

  /** Where the list goes on: the end of an entry, or where it began. */
  private long position;

  private long positionOfCall;
  private int failures;
  private boolean renewed;
  private boolean complete;

  /**
   * @param shape of the list that this one continues; shared by all cursors of the question
   * @param fromOffset nothing before it is wanted
   * @param knownTo what lies behind it is listed whatever the driver says
   * @param whenClosed told once the cursor is closed
   */
  ResumingCursor(
      MetadataClient client,
      MetadataQuery query,
      AtomicReference<@Nullable StreamShape> shape,
      long fromOffset,
      long knownTo,
      long sizeBytes,
      Consumer<ResumingCursor> whenClosed) {
    this.client = client;
    this.whenClosed = whenClosed;
    this.query = query;
    this.shape = shape;
    this.check = new EntryCheck(client.driver(), query);
    this.newList = () -> new ListedExtents(fromOffset, knownTo, sizeBytes);
    this.extents = newList.get();
    this.continues = fromOffset > 0 && shape.get() != null;
    this.meters = client.meters().stream(client.driver(), query);
    this.maxResults = client.policy().maxResults();
    // Some drivers answer wrongly to an offset that is not one of their own blocks.
    this.start = fromOffset / ExtentMerger.GRAIN_BYTES * ExtentMerger.GRAIN_BYTES;
    this.position = start;
    if (fromOffset == 0) {
      shape.set(null);
    }
  }

  /** Asks, and waits for the beginning of the answer, so that a refusal is known at once. */
  void begin() throws MoverException {
    while (message == null && !complete) {
      step();
    }
  }

  @Override
  public @Nullable Extent next() throws MoverException {
    while (true) {
      Extent extent = extents.poll();
      if (extent != null) {
        if (replayed != null) {
          replay(replayed, extent);
          continue;
        }
        delivered.add(extent);
        meters.reported(extent.length());
        return extent;
      }
      if (!complete) {
        step();
      } else if (replayed == null) {
        return null;
      } else {
        throw doesNotFit();
      }
    }
  }

  private void step() throws MoverException {
    try {
      requireOpen();
      MetadataMessage current = message;
      if (current != null && nextEntry < current.entries()) {
        check.check(current, nextEntry);
        long offset = current.offset(nextEntry);
        long size = current.sizeBytes(nextEntry);
        nextEntry++;
        extents.add(offset, size);
        position = Math.max(position, offset + size);
      } else {
        read();
      }
    } catch (MoverException e) {
      meters.end(e.kind().name().toLowerCase(Locale.ROOT));
      close();
      throw e;
    }
  }

  private void requireOpen() throws TrackingUnavailable {
    if (closed) {
      throw new TrackingUnavailable("the list of driver " + client.driver() + " was closed", "");
    }
  }

  private void read() throws MoverException {
    MetadataCall from = call;
    try {
      if (from == null) {
        from = open();
      }
      MetadataMessage next = from.next();
      if (next == null) {
        ended(from);
      } else {
        take(next);
      }
    } catch (CallFailed e) {
      failed(e);
    }
  }

  private MetadataCall open() throws MoverException {
    check.restart();
    shapeOfCall = null;
    message = null;
    nextEntry = 0;
    positionOfCall = position;
    MetadataCall opened = client.start(query, position, maxResults);
    call = opened;
    if (closed) {
      opened.close();
    }
    return opened;
  }

  private void take(MetadataMessage next) throws MoverException {
    StreamShape now = check.shape(next);
    StreamShape before = shapeOfCall;
    if (before == null) {
      if (!isOfTheSameShape(now)) {
        return;
      }
      shapeOfCall = now;
      extents.capacity(now.capacityBytes());
    } else if (!before.equals(now)) {
      throw check.changed(next, before, now);
    }
    meters.message(next.entries());
    message = next;
    nextEntry = 0;
  }

  /**
   * Lists of a volume that changed its size in between do not fit together: all is asked again, and
   * must begin with what was handed out.
   *
   * @return whether it is the same, or the first
   */
  private boolean isOfTheSameShape(StreamShape now) throws TrackingUnavailable {
    StreamShape known = shape.get();
    if (known == null || known.equals(now) || (position == start && !continues)) {
      shape.set(now);
      return true;
    }
    LOG.info(
        "Driver {} listed for {}, and for {} when resumed at offset {}: beginning again",
        client.driver(),
        known,
        now,
        position);
    if (continues || ++restarts > MAX_RESTARTS) {
      throw doesNotFit();
    }
    dropCall();
    shape.set(null);
    position = start;
    extents = newList.get();
    replayed = delivered.isEmpty() ? null : new DeliveredExtents();
    client.meters().resumed(client.driver(), "shape");
    return false;
  }

  private void replay(DeliveredExtents again, Extent extent) throws TrackingUnavailable {
    again.add(extent);
    if (again.isAsLongAs(delivered)) {
      if (!again.isSame(delivered)) {
        throw doesNotFit();
      }
      replayed = null;
    }
  }

  private TrackingUnavailable doesNotFit() {
    meters.end("tracking");
    close();
    return new TrackingUnavailable(
        "driver %s changed its mind while it listed %s: the volume's size, and not only that"
            .formatted(client.driver(), query),
        "back up again once nobody resizes the volume");
  }

  private void ended(MetadataCall last) throws MoverException {
    dropCall();
    if (SuspectEnd.isSuspect(Duration.ofNanos(client.waiting().nanoTime() - last.startedNanos()))) {
      // Asked again from the last end: an answer that was complete has nothing to add.
      failures = position > positionOfCall ? 0 : failures;
      again("suspect-end", "an end that may be the sidecar's limit");
      return;
    }
    finish();
  }

  private void finish() {
    complete = true;
    extents.finish();
    meters.end("complete");
  }

  private void failed(CallFailed failure) throws MoverException {
    dropCall();
    requireOpen();
    StatusTable.Action action =
        failure.tlsFailed()
            ? StatusTable.Action.NEW_TOKEN
            : StatusTable.row(failure.code()).action();
    boolean further = position > positionOfCall;
    if (further) {
      failures = 0;
      renewed = false;
    }
    switch (action) {
      case RESUME -> resume(failure);
      case RESUME_IF_FURTHER -> {
        if (!further) {
          throw refused(failure);
        }
        resume(failure);
      }
      case LOOK_AND_RESUME -> {
        look();
        resume(failure);
      }
      case NEW_TOKEN -> {
        if (renewed) {
          throw refused(failure);
        }
        renewed = true;
        client.renew();
        client.meters().resumed(client.driver(), reason(failure));
      }
      case SMALLER_MESSAGES -> {
        if (maxResults != 0 && maxResults <= FEWEST_RESULTS) {
          throw refused(failure);
        }
        maxResults = maxResults == 0 ? 4096 : Math.max(FEWEST_RESULTS, maxResults / 4);
        client.meters().resumed(client.driver(), reason(failure));
      }
      case BASE_GONE -> throw baseGone(failure);
      case PAST_THE_END -> {
        StreamShape known = shape.get();
        if (known == null || position < known.capacityBytes()) {
          throw refused(failure);
        }
        finish();
      }
      case GIVE_UP -> throw refused(failure);
    }
  }

  private void resume(CallFailed failure) throws MoverException {
    if (failures + 1 >= client.policy().attempts()) {
      throw refused(failure);
    }
    again(reason(failure), failure.getMessage());
  }

  private void again(String reason, @Nullable String words) throws MoverException {
    failures++;
    if (failures >= client.policy().attempts()) {
      throw new TrackingUnavailable(
          "driver %s came no further than offset %d with %s: %s"
              .formatted(client.driver(), position, query, words),
          "look at the log of the snapshot-metadata sidecar");
    }
    LOG.info(
        "Stream of driver {} broke at offset {} ({}); asking for the rest",
        client.driver(),
        position,
        words);
    client.meters().resumed(client.driver(), reason);
    client.pause(pauseBefore(failures));
  }

  private Duration pauseBefore(int attempt) {
    StreamPolicy policy = client.policy();
    Duration pause = policy.firstPause().multipliedBy(1L << Math.min(attempt - 1, 20));
    Duration longest = policy.longestPause();
    return client.waiting().shortened(pause.compareTo(longest) < 0 ? pause : longest);
  }

  private void look() throws MoverException {
    try {
      client.look(query);
    } catch (MoverException e) {
      if (!e.retryable()) {
        throw new TrackingUnavailable(
            "driver %s cannot list %s: %s".formatted(client.driver(), query, e.getMessage()),
            e.advice(),
            e);
      }
    }
  }

  private static String reason(CallFailed failure) {
    return failure.code().name().toLowerCase(Locale.ROOT);
  }

  private MoverException baseGone(CallFailed failure) {
    return query instanceof MetadataQuery.Delta
        ? new BaseSnapshotMissing(words(failure), failure.advice(), failure)
        : refused(failure);
  }

  private TrackingUnavailable refused(CallFailed failure) {
    return new TrackingUnavailable(words(failure), failure.advice(), failure);
  }

  private String words(CallFailed failure) {
    return "driver %s did not list %s%s: %s"
        .formatted(
            client.driver(),
            query,
            position > 0 ? " behind offset " + position : "",
            failure.getMessage());
  }

  private void dropCall() {
    MetadataCall old = call;
    if (old != null) {
      old.close();
    }
    call = null;
    message = null;
    nextEntry = 0;
  }

  /** Ends the call; from any thread. */
  @Override
  public void close() {
    closed = true;
    meters.end("abandoned");
    MetadataCall old = call;
    if (old != null) {
      old.close();
    }
    whenClosed.accept(this);
  }
}
