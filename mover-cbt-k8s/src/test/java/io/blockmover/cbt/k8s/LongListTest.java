package io.blockmover.cbt.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.cbt.k8s.serve.CallerCheck;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Ten million extents, with a consumer that is slower than the driver. */
class LongListTest {

  private static final long EXTENTS = 10_000_000;
  private static final long BOUND_BYTES = 48L << 20;

  @TempDir private Path directory;

  @Test
  @Tag("slow")
  void tenMillionExtentsTakeNoMoreMemoryThanAThousand(TestReporter reporter) throws Exception {
    FakeAccess access = new FakeAccess();
    try (ServedApi api =
            new ServedApi(
                directory,
                new GeneratedSnapshots(EXTENTS, () -> {}),
                (token, namespace) -> CallerCheck.Verdict.ALLOWED,
                Duration.ofMinutes(10));
        ChangeTracker tracker =
            new SnapshotMetadataProvider(
                    access.with(api.endpoint()),
                    EndpointOverride.NONE,
                    StreamPolicy.DEFAULT,
                    new SimpleMeterRegistry())
                .open(SidecarTest.snapshot("new", EXTENTS * 8192, 2));
        ExtentCursor cursor = tracker.allocated(0)) {
      long least = liveBytes();
      long most = 0;
      long count = 0;
      for (Extent e = cursor.next(); e != null; e = cursor.next()) {
        assertThat(e.offset() == count * 8192 && e.length() == 4096).isTrue();
        count++;
        if (count % 1_000_000 == 0) {
          new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS); // lag behind
          most = Math.max(most, liveBytes());
        }
      }
      assertThat(count).isEqualTo(EXTENTS);
      reporter.publishEntry("grown by bytes", Long.toString(most - least));
      assertThat(most - least).isLessThan(BOUND_BYTES);
    }
  }

  /** What survives a collection: heap of client and server together. */
  private static long liveBytes() {
    System.gc();
    long used = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP) {
        used += pool.getUsage().getUsed();
      }
    }
    return used;
  }
}
