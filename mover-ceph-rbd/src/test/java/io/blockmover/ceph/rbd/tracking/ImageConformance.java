package io.blockmover.ceph.rbd.tracking;

import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.ceph.rbd.NamedSnapshots;
import io.blockmover.ceph.rbd.TestCluster;
import io.blockmover.ceph.rbd.librbd.CephLibrary;
import io.blockmover.testkit.ChangeTrackerConformance;
import io.blockmover.testkit.TrackedVolume;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;

/** The kit for trackers on images of a real cluster, whose objects are small. */
abstract class ImageConformance extends ChangeTrackerConformance {

  private static final long OBJECT_BYTES = 64 << 10;

  private final boolean likeCsi;
  private final CephRbdProvider provider;

  ImageConformance(boolean likeCsi, DiffOptions options) {
    this.likeCsi = likeCsi;
    this.provider = provider(options);
  }

  static CephRbdProvider provider(DiffOptions options) {
    return new CephRbdProvider(
        CephLibrary::load,
        List.of(new NamedSnapshots(_ -> TestCluster.reader())),
        options,
        new SimpleMeterRegistry());
  }

  @Override
  protected TrackedVolume createVolume(long sizeBytes) throws Exception {
    if (likeCsi) {
      TestCluster.assumeDiffById();
    }
    return new ImageVolume(sizeBytes, OBJECT_BYTES, likeCsi);
  }

  @Override
  protected ChangeTrackerProvider provider() {
    return provider;
  }
}
