package io.blockmover.cbt.k8s;

/** Entries joined by the driver. */
class VariableLengthConformanceTest extends SidecarConformance {
  VariableLengthConformanceTest() {
    super(new BlockDriver(true, Integer.MAX_VALUE));
  }
}
