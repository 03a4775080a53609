package io.blockmover.cbt.k8s;

/** Entries of one size. */
class FixedLengthConformanceTest extends SidecarConformance {
  FixedLengthConformanceTest() {
    super(new BlockDriver(false, Integer.MAX_VALUE));
  }
}
