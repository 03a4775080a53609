package io.blockmover.engine.device;

import io.blockmover.api.source.BlockSource;
import io.blockmover.testkit.BlockSourceConformance;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileSourceConformanceTest extends BlockSourceConformance {
  @TempDir Path directory;

  @Override
  protected BlockSource createSource(byte[] bytes) throws Exception {
    return Devices.openSource(Files.write(directory.resolve("image"), bytes));
  }
}
