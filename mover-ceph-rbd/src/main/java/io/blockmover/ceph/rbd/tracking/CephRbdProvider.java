package io.blockmover.ceph.rbd.tracking;

import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.ceph.rbd.NamedSnapshots;
import io.blockmover.ceph.rbd.SnapshotLocator;
import io.blockmover.ceph.rbd.csi.CsiSnapshots;
import io.blockmover.ceph.rbd.kubernetes.KubernetesClusters;
import io.blockmover.ceph.rbd.librbd.CephLibrary;
import io.blockmover.ceph.rbd.volume.ConnectionOptions;
import io.blockmover.ceph.rbd.volume.LocatedSource;
import io.blockmover.kubernetes.Cluster;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Trackers on Ceph's images, which ask librbd. */
public final class CephRbdProvider implements ChangeTrackerProvider {

  /** Its name in rules, manifests and metrics. */
  public static final String NAME = "ceph-rbd";

  private final Supplier<CephLibrary.Loading> library;
  private final List<SnapshotLocator> locators;
  private final DiffOptions options;
  private final DiffMeters meters;

  /** As {@link #of} says, with the environment and the cluster of this process. */
  public CephRbdProvider() {
    this(locators(System.getenv(), Cluster::open), System.getenv(), Metrics.globalRegistry);
  }

  /**
   * For images that a person named, and for VolumeSnapshots of ceph-csi.
   *
   * @param environment says how clusters are reached and asked (docs/ceph.md)
   * @param opener called for each look-up of a VolumeSnapshot's cluster
   */
  public static CephRbdProvider of(
      Map<String, String> environment, KubernetesClusters.Opener opener) {
    return new CephRbdProvider(locators(environment, opener), environment, Metrics.globalRegistry);
  }

  private static List<SnapshotLocator> locators(
      Map<String, String> environment, KubernetesClusters.Opener opener) {
    return List.of(
        new NamedSnapshots(
            reference -> ConnectionOptions.settings(reference.attributes(), environment)),
        new CsiSnapshots(new KubernetesClusters(opener, environment)));
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
    String reason = "the source is no image of Ceph";
    for (SnapshotLocator locator : locators) {
      if (locator.applicability(target) instanceof Applicability.NotApplicable(String why)) {
        reason = locator.concerns(target) ? why : reason;
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
    SnapshotLocator locator = locator(target);
    CephLibrary loaded = loaded();
    return CephRbdTracker.open(
        loaded, () -> locator.open(loaded, target), options, meters, deepestClone(target));
  }

  @Override
  public Optional<BlockSource> openSource(SnapshotReference target) throws MoverException {
    SnapshotLocator locator = locator(target);
    CephLibrary loaded = loaded();
    return Optional.of(LocatedSource.open(target.handle(), () -> locator.open(loaded, target)));
  }

  private SnapshotLocator locator(SnapshotReference target) {
    if (applicability(target) instanceof Applicability.NotApplicable(String reason)) {
      throw new IllegalArgumentException(reason);
    }
    return locators.stream()
        .filter(it -> it.applicability(target) instanceof Applicability.Applicable)
        .findFirst()
        .orElseThrow();
  }

  private static int deepestClone(SnapshotReference target) {
    String text = target.attributes().getOrDefault(SnapshotReference.DEEPEST_CLONE, "");
    return text.matches("\\d{1,4}") ? Integer.parseInt(text) : Integer.MAX_VALUE;
  }

  private CephLibrary loaded() {
    return ((CephLibrary.Loading.Loaded) library.get()).library();
  }
}
