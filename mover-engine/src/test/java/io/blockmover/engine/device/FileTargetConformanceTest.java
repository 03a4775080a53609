package io.blockmover.engine.device;

import io.blockmover.api.source.BlockTarget;
import io.blockmover.testkit.BlockTargetConformance;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileTargetConformanceTest extends BlockTargetConformance {
  @TempDir Path directory;

  @Override
  protected BlockTarget createTarget(int sizeBytes) throws Exception {
    TargetOptions create = new TargetOptions(false, true);
    return Devices.openTarget(directory.resolve("image"), sizeBytes, create);
  }
}
