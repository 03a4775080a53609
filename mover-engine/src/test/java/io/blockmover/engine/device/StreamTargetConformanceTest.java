package io.blockmover.engine.device;

import io.blockmover.api.source.BlockTarget;
import io.blockmover.testkit.BlockTargetConformance;
import java.io.OutputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class StreamTargetConformanceTest extends BlockTargetConformance {
  @TempDir Path directory;

  @Override
  protected BlockTarget createTarget(int sizeBytes) throws Exception {
    return Devices.openStream(
        "output", OutputStream.nullOutputStream(), StreamFormat.RAW, sizeBytes, directory);
  }
}
