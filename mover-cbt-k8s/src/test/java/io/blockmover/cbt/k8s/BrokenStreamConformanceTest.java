package io.blockmover.cbt.k8s;

/** Streams that break after every second message. */
class BrokenStreamConformanceTest extends SidecarConformance {
  BrokenStreamConformanceTest() {
    super(new BlockDriver(true, 2));
  }
}
