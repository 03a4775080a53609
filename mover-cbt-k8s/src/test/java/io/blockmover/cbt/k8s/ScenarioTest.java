package io.blockmover.cbt.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.BaseSnapshotMissing;
import io.blockmover.api.Extent;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.testkit.Extents;
import io.blockmover.testkit.TrackedVolume;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the upstream tests and the demo driver's document do, through our client. */
class ScenarioTest extends SidecarTest {

  private static final int TEN_MIB = 10 << 20;

  private TrackedVolume volume;
  private int pass;

  private void write(int... blocks) throws Exception {
    pass++;
    for (int block : blocks) {
      byte[] bytes = new byte[KIB4];
      Arrays.fill(bytes, (byte) (pass * 16 + block));
      volume.write((long) block * KIB4, bytes);
    }
  }

  private static List<Extent> blocks(int... numbers) {
    return Arrays.stream(numbers).mapToObj(n -> new Extent((long) n * KIB4, KIB4)).toList();
  }

  private void driver(boolean variable) {
    BlockDriver driver = new BlockDriver(variable, Integer.MAX_VALUE);
    sidecar.answering(driver::answer);
    volume = driver.createVolume(TEN_MIB);
  }

  private List<Extent> allocatedOf(SnapshotReference snapshot) throws Exception {
    try (ChangeTracker tracker = provider().open(snapshot)) {
      return Extents.drain(tracker.allocated(0));
    }
  }

  private List<Extent> changed(SnapshotReference base, SnapshotReference target) throws Exception {
    try (ChangeTracker tracker = provider().open(target)) {
      return Extents.drain(tracker.changedSince(CsiChangeId.of(base).orElseThrow().encoded(), 0));
    }
  }

  @Test
  void everySecondBlockThenThreeMore() throws Exception {
    driver(false);
    write(1, 3, 5, 7, 9);
    SnapshotReference first = volume.snapshot();
    assertThat(allocatedOf(first)).isEqualTo(blocks(1, 3, 5, 7, 9));
    write(2, 4, 9);
    SnapshotReference second = volume.snapshot();
    assertThat(changed(first, second)).isEqualTo(blocks(2, 4, 9));
    assertThat(allocatedOf(second))
        .containsExactly(new Extent(KIB4, 5 * KIB4), blocks(7).getFirst(), blocks(9).getFirst());
  }

  @Test
  void sixBlocksThenTheFirstThreeAgain() throws Exception {
    driver(true);
    write(0, 1, 2, 3, 4, 5);
    SnapshotReference first = volume.snapshot();
    assertThat(allocatedOf(first)).containsExactly(new Extent(0, 6 * KIB4));
    write(0, 1, 2);
    SnapshotReference second = volume.snapshot();
    assertThat(changed(first, second)).containsExactly(new Extent(0, 3 * KIB4));
  }

  @Test
  void aDeletedBaseIsSaidAndTheAllocatedListStillComes() throws Exception {
    driver(true);
    write(0, 1);
    SnapshotReference first = volume.snapshot();
    write(1);
    SnapshotReference second = volume.snapshot();
    volume.delete(first);
    assertThatThrownBy(() -> changed(first, second)).isInstanceOf(BaseSnapshotMissing.class);
    assertThat(allocatedOf(second)).containsExactly(new Extent(0, 2 * KIB4));
  }
}
