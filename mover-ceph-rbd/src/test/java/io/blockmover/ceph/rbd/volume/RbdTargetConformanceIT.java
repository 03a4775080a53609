package io.blockmover.ceph.rbd.volume;

import io.blockmover.api.source.BlockTarget;
import io.blockmover.api.source.TargetTerms;
import io.blockmover.testkit.BlockTargetConformance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** What every target must do, on real images. */
@Tag("ceph")
class RbdTargetConformanceIT {

  private final List<TestImage> images = new ArrayList<>();

  @AfterEach
  void removeImages() {
    images.reversed().forEach(TestImage::close);
  }

  private TestImage kept(TestImage image) {
    images.add(image);
    return image;
  }

  @Nested
  class OfANewImage extends BlockTargetConformance {
    @Override
    protected BlockTarget createTarget(int sizeBytes) throws Exception {
      return kept(TestImage.missing()).openTarget(new TargetTerms(sizeBytes, false, true, false));
    }
  }

  @Nested
  class OfAnImageWithDataAndSnapshots extends BlockTargetConformance {
    @Override
    protected BlockTarget createTarget(int sizeBytes) throws Exception {
      TestImage image = kept(TestImage.holding(new byte[sizeBytes]));
      image.snapshot("before");
      return image.openTarget(new TargetTerms(sizeBytes, true, false, false));
    }
  }

  @Nested
  class OfAClone extends BlockTargetConformance {
    @Override
    protected BlockTarget createTarget(int sizeBytes) throws Exception {
      TestImage parent = kept(TestImage.ofBytes(sizeBytes));
      byte[] filled = new byte[sizeBytes];
      Arrays.fill(filled, (byte) 5);
      parent.write(0, filled);
      parent.snapshot("base");
      return kept(parent.cloned("base")).openTarget(new TargetTerms(sizeBytes, true, false, false));
    }
  }
}
