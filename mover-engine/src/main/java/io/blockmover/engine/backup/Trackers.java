package io.blockmover.engine.backup;

import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.repository.manifest.ChangeIdRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The trackers of one snapshot, opened when first asked, once each. For one thread at a time. */
final class Trackers implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Trackers.class);

  private final SnapshotReference target;
  private final Map<String, ChangeTracker> opened = new LinkedHashMap<>();
  private final Set<String> failed = new HashSet<>();

  Trackers(SnapshotReference target) {
    this.target = target;
  }

  /** Why a tracker cannot be asked about the snapshot, a sentence; empty if it can. */
  Optional<String> whyNotApplicable(ChangeTrackerProvider provider) {
    return provider.applicability(target) instanceof Applicability.NotApplicable(String reason)
        ? Optional.of(reason)
        : Optional.empty();
  }

  /**
   * Opens a tracker.
   *
   * @throws io.blockmover.api.TrackingUnavailable if the service behind it does not answer
   */
  ChangeTracker open(ChangeTrackerProvider provider) throws MoverException {
    ChangeTracker tracker = opened.get(provider.name());
    if (tracker != null) {
      return tracker;
    }
    try {
      tracker = provider.open(target);
      opened.put(provider.name(), tracker);
      return tracker;
    } catch (MoverException | RuntimeException e) {
      failed.add(provider.name());
      throw e;
    }
  }

  /** Whether it was opened. */
  boolean isOpen(ChangeTrackerProvider provider) {
    return opened.containsKey(provider.name());
  }

  /** What each of them wants to hear next time; who does not answer is left out. */
  List<ChangeIdRecord> changeIds(List<ChangeTrackerProvider> providers) {
    List<ChangeIdRecord> ids = new ArrayList<>();
    for (ChangeTrackerProvider provider : providers) {
      if (whyNotApplicable(provider).isPresent() || failed.contains(provider.name())) {
        continue;
      }
      try {
        open(provider)
            .changeId()
            .ifPresent(
                id ->
                    ids.add(
                        new ChangeIdRecord(
                            provider.name(),
                            id.value(),
                            target.driver(),
                            target.volumeHandle(),
                            target.handle(),
                            target.sizeBytes(),
                            target.created().orElse(null))));
      } catch (MoverException | RuntimeException e) {
        LOG.warn("{} cannot be asked next time: {}", provider.name(), e.getMessage());
      }
    }
    return ids;
  }

  @Override
  public void close() {
    opened.values().forEach(ChangeTracker::close);
  }
}
