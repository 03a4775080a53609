package io.blockmover.ceph.rbd.volume;

import io.blockmover.api.source.BlockSource;
import io.blockmover.testkit.BlockSourceConformance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** What every source must do, on real snapshots. */
@Tag("ceph")
class RbdSourceConformanceIT {

  private final List<TestImage> images = new ArrayList<>();

  @AfterEach
  void removeImages() {
    images.reversed().forEach(TestImage::close);
  }

  private TestImage holding(byte[] bytes) throws Exception {
    TestImage image = TestImage.holdingSparsely(bytes);
    images.add(image);
    return image;
  }

  @Nested
  class OfASnapshot extends BlockSourceConformance {
    @Override
    protected BlockSource createSource(byte[] bytes) throws Exception {
      TestImage image = holding(bytes);
      image.snapshot("one");
      image.write(0, new byte[] {1, 2, 3}); // later than the snapshot
      return image.open("one").source();
    }
  }

  @Nested
  class OfAClone extends BlockSourceConformance {
    @Override
    protected BlockSource createSource(byte[] bytes) throws Exception {
      byte[] other = bytes.clone();
      Arrays.fill(other, 2_000_000, 2_100_000, (byte) 0x77);
      TestImage parent = holding(other);
      parent.snapshot("base");
      TestImage clone = parent.cloned("base");
      images.add(clone);
      clone.write(2_000_000, Arrays.copyOfRange(bytes, 2_000_000, 2_100_000));
      clone.snapshot("one");
      return clone.open("one").source();
    }
  }

  @Nested
  class OfALiveImage extends BlockSourceConformance {
    @Override
    protected BlockSource createSource(byte[] bytes) throws Exception {
      return holding(bytes).open("").source();
    }
  }
}
