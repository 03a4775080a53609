package io.blockmover.testkit;

import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.SnapshotReference;
import org.jspecify.annotations.Nullable;

/** Hands out trackers that a test has prepared. */
public final class FakeChangeTrackerProvider implements ChangeTrackerProvider {

  private final String name;
  private final @Nullable String notApplicable;
  private final Opener opener;

  private FakeChangeTrackerProvider(String name, @Nullable String notApplicable, Opener opener) {
    this.name = name;
    this.notApplicable = notApplicable;
    this.opener = opener;
  }

  /** Applies to everything; opening may fail. */
  public static FakeChangeTrackerProvider opening(String name, Opener opener) {
    return new FakeChangeTrackerProvider(name, null, opener);
  }

  /** Applies to nothing. */
  public static FakeChangeTrackerProvider notApplicable(String name, String reason) {
    return new FakeChangeTrackerProvider(
        name,
        reason,
        target -> {
          throw new IllegalArgumentException(reason);
        });
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Applicability applicability(SnapshotReference target) {
    return notApplicable == null
        ? new Applicability.Applicable()
        : new Applicability.NotApplicable(notApplicable);
  }

  @Override
  public ChangeTracker open(SnapshotReference target) throws MoverException {
    return opener.open(target);
  }

  /** Makes a tracker for a snapshot. */
  public interface Opener {
    ChangeTracker open(SnapshotReference target) throws MoverException;
  }
}
