package io.blockmover.ceph.rbd;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.CephLibrary;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import io.blockmover.ceph.rbd.librbd.ClusterSettings;

/** The cluster that CEPH_CONF names, and that tests may do anything to. */
public final class TestCluster {

  private TestCluster() {}

  /** The administrator, whose discards are done to the byte and not skipped where small. */
  public static ClusterSettings administrator() {
    return ClusterSettings.ofFile(System.getenv("CEPH_CONF"), "admin")
        .withOption("rbd_skip_partial_discard", "false");
  }

  /** The user that may only read. */
  public static ClusterSettings reader() {
    return ClusterSettings.ofFile(System.getenv("CEPH_CONF"), "mover");
  }

  public static CephLibrary library() {
    return switch (CephLibrary.load()) {
      case CephLibrary.Loading.Loaded(CephLibrary library) -> library;
      case CephLibrary.Loading.Unavailable(String reason) -> throw new AssertionError(reason);
    };
  }

  /** Leaves a test out where librbd finds bases by name only; TooOldLibraryIT runs there. */
  public static void assumeDiffById() {
    assumeTrue(
        library().whyNoDiffById().isEmpty(),
        () -> "does not apply: " + library().whyNoDiffById().orElseThrow());
  }

  public static ClusterConnection connect() throws CephFailure {
    return library().connect(administrator());
  }
}
