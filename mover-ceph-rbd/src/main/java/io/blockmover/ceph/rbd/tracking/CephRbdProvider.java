package io.blockmover.ceph.rbd.tracking;

import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.ceph.rbd.NamedSnapshots;
import io.blockmover.ceph.rbd.SnapshotLocator;
import io.blockmover.ceph.rbd.librbd.CephLibrary;
import io.blockmover.ceph.rbd.volume.ConnectionOptions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Trackers on Ceph's images, which ask librbd. */
public final class CephRbdProvider implements ChangeTrackerProvider {

  /** Its name in rules, manifests and metrics. */
  public static final String NAME = "ceph-rbd";

  private final Supplier<CephLibrary.Loading> library;
  private final List<SnapshotLocator> locators;
  private final DiffOptions options;
  private final DiffMeters meters;

  /** For images that a person named, as the reference and the environment of this process say. */
  public CephRbdProvider() {
    this(
        List.of(
            new NamedSnapshots(
                reference -> ConnectionOptions.settings(reference.attributes(), System.getenv()))),
        System.getenv(),
        Metrics.globalRegistry);
  }

  /**
   * @param locators asked in this order what a reference means
   * @param environment chooses how diffs are asked for (docs/ceph.md)
   * @param registry takes what is counted
   */
  public CephRbdProvider(
      List<SnapshotLocator> locators, Map<String, String> environment, MeterRegistry registry) {
    this(CephLibrary::load, locators, DiffOptions.of(environment), registry);
  }

  CephRbdProvider(
      Supplier<CephLibrary.Loading> library,
      List<SnapshotLocator> locators,
      DiffOptions options,
      MeterRegistry registry) {
    this.library = library;
    this.locators = List.copyOf(locators);
    this.options = options;
    this.meters = new DiffMeters(registry);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean concerns(SnapshotReference target) {
    return locators.stream().anyMatch(locator -> locator.concerns(target));
  }

  @Override
  public Applicability applicability(SnapshotReference target) {
    String reason = "nobody here knows images of Ceph";
    for (SnapshotLocator locator : locators) {
      if (locator.applicability(target) instanceof Applicability.NotApplicable(String why)) {
        reason = why;
      } else {
        // Looked for last: loading it costs time, and most volumes are not Ceph's.
        return library.get() instanceof CephLibrary.Loading.Unavailable(String why)
            ? new Applicability.NotApplicable(why)
            : new Applicability.Applicable();
      }
    }
    return new Applicability.NotApplicable(reason);
  }

  @Override
  public ChangeTracker open(SnapshotReference target) throws MoverException {
    if (applicability(target) instanceof Applicability.NotApplicable(String reason)) {
      throw new IllegalArgumentException(reason);
    }
    SnapshotLocator locator =
        locators.stream()
            .filter(it -> it.applicability(target) instanceof Applicability.Applicable)
            .findFirst()
            .orElseThrow();
    CephLibrary loaded = ((CephLibrary.Loading.Loaded) library.get()).library();
    return CephRbdTracker.open(loaded, () -> locator.open(loaded, target), options, meters);
  }
}
