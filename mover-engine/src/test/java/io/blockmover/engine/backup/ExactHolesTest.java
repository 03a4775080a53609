package io.blockmover.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.testkit.FakeChangeTracker;
import io.blockmover.testkit.FakeChangeTrackerProvider;
import io.blockmover.testkit.MemoryBlockSource;
import io.blockmover.testkit.MemoryObjectStore;
import io.blockmover.testkit.TestSeed;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExactHolesTest {

  private static final int SIZE = 1 << 20;

  @ParameterizedTest
  @CsvSource({
    "4096,8192,0,131072",
    "65536,131072,0,262144",
    "4096,8192,4096,8192",
    "69632,200704,4096,212992"
  })
  void aHolePunchedIntoAnExactExtentIsZerosAndNothingElseIs(int hole, int holeEnd, int from, int to)
      throws Exception {
    BackupFixture fixture = new BackupFixture(new MemoryObjectStore());
    byte[] content = new byte[SIZE];
    TestSeed.random("exact-holes").nextBytes(content);
    back(fixture, content, 0, List.of(), List.of(new Extent(0, SIZE)));
    content[from] ^= 1;
    content[to - 1] ^= 1;
    Arrays.fill(content, hole, holeEnd, (byte) 0);
    String backup =
        back(
            fixture,
            content,
            1,
            List.of(Extent.between(from, to)),
            List.of(Extent.between(0, hole), Extent.between(holeEnd, SIZE)));
    assertThat(Arrays.mismatch(fixture.restore(backup), content)).isEqualTo(-1);
  }

  private static String back(
      BackupFixture fixture, byte[] content, int step, List<Extent> changes, List<Extent> allocated)
      throws Exception {
    return fixture
        .backUp(
            "v",
            new MemoryBlockSource(content).allocatedIn(allocated),
            FakeChangeTrackerProvider.opening(
                "delta",
                target -> {
                  FakeChangeTracker fake =
                      new FakeChangeTracker(ExtentQuality.EXACT, "after-" + step)
                          .withAllocated(List.of(new Extent(0, SIZE)));
                  return step == 0 ? fake : fake.withChanges("after-" + (step - 1), changes);
                }),
            false)
        .backup();
  }
}
