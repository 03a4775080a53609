package io.blockmover.testkit;

import io.blockmover.api.source.BlockTarget;

class MemoryBlockTargetTest extends BlockTargetConformance {

  @Override
  protected BlockTarget createTarget(int sizeBytes) {
    return new MemoryBlockTarget(sizeBytes);
  }
}
