package io.blockmover.ceph.rbd.tracking;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.ceph.rbd.NamedSnapshots;
import io.blockmover.ceph.rbd.SnapshotLocator;
import io.blockmover.ceph.rbd.TestCluster;
import io.blockmover.ceph.rbd.librbd.CephLibrary;
import io.blockmover.testkit.Extents;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;

/** Asks a tracker from the outside, and knows what it counted. */
final class Delta {

  static final SnapshotLocator NAMED = new NamedSnapshots(_ -> TestCluster.reader());

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final CephRbdProvider provider;

  Delta(DiffOptions options) {
    this(TestCluster.library(), options, NAMED);
  }

  Delta(CephLibrary library, DiffOptions options, SnapshotLocator locator) {
    this.provider =
        new CephRbdProvider(
            () -> new CephLibrary.Loading.Loaded(library), List.of(locator), options, registry);
  }

  ChangeTracker open(SnapshotReference target) throws MoverException {
    return provider.open(target);
  }

  ChangeId id(SnapshotReference snapshot) throws MoverException {
    try (ChangeTracker tracker = open(snapshot)) {
      return tracker.changeId().orElseThrow();
    }
  }

  List<Extent> between(SnapshotReference base, SnapshotReference target) throws MoverException {
    return since(id(base), target);
  }

  List<Extent> since(ChangeId base, SnapshotReference target) throws MoverException {
    try (ChangeTracker tracker = open(target)) {
      return Extents.drain(tracker.changedSince(base, 0));
    }
  }

  List<Extent> allocated(SnapshotReference target) throws MoverException {
    try (ChangeTracker tracker = open(target)) {
      return Extents.drain(tracker.allocated(0));
    }
  }

  /** How often there was none for a reason. */
  double fallbacks(String reason) {
    Counter counter = registry.find("mover.ceph.fallbacks").tag("reason", reason).counter();
    return counter == null ? 0 : counter.count();
  }

  SimpleMeterRegistry registry() {
    return registry;
  }
}
