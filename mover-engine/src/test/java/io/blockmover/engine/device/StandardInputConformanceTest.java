package io.blockmover.engine.device;

import io.blockmover.api.source.BlockSource;
import io.blockmover.testkit.BlockSourceConformance;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class StandardInputConformanceTest extends BlockSourceConformance {
  @TempDir Path directory;

  @Override
  protected BlockSource createSource(byte[] bytes) throws Exception {
    return StandardInput.copied("input", new ByteArrayInputStream(bytes), directory);
  }
}
