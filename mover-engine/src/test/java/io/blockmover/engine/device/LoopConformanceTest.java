package io.blockmover.engine.device;

import io.blockmover.api.source.BlockSource;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.testkit.BlockSourceConformance;
import io.blockmover.testkit.BlockTargetConformance;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The kits on real block devices, with both sizes of sectors. */
class LoopConformanceTest {

  @Nested
  class SourceOf512 extends Source {
    SourceOf512() {
      super(512);
    }
  }

  @Nested
  class SourceOf4096 extends Source {
    SourceOf4096() {
      super(4096);
    }
  }

  @Nested
  class TargetOf512 extends Target {
    TargetOf512() {
      super(512);
    }
  }

  @Nested
  class TargetOf4096 extends Target {
    TargetOf4096() {
      super(4096);
    }
  }

  abstract static class Source extends BlockSourceConformance {
    private final int sector;
    @TempDir Path directory;
    private LoopDevice loop;

    Source(int sector) {
      this.sector = sector;
    }

    @Override
    protected int sizeGranularityBytes() {
      return sector;
    }

    @Override
    protected BlockSource createSource(byte[] bytes) throws Exception {
      LoopDevice.assumeAvailable();
      Path file = Files.write(directory.resolve("image"), bytes);
      loop = LoopDevice.over(file, "--sector-size", "" + sector);
      return Devices.openSource(loop.path());
    }

    /** Before the source is closed: the device goes with its last user. */
    @AfterEach
    void detach() throws Exception {
      if (loop != null) {
        loop.close();
      }
    }
  }

  abstract static class Target extends BlockTargetConformance {
    private final int sector;
    @TempDir Path directory;
    private LoopDevice loop;

    Target(int sector) {
      this.sector = sector;
    }

    @Override
    protected int sizeGranularityBytes() {
      return sector;
    }

    @Override
    protected BlockTarget createTarget(int sizeBytes) throws Exception {
      LoopDevice.assumeAvailable();
      Path file = directory.resolve("image");
      loop = LoopDevice.ofSize(file, sizeBytes, "--sector-size", "" + sector);
      return Devices.openTarget(loop.path(), sizeBytes, new TargetOptions(false, false));
    }

    @AfterEach
    void detach() throws Exception {
      if (loop != null) {
        loop.close();
      }
    }
  }
}
