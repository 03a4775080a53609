package io.blockmover.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.testkit.MemoryBlockSource;
import io.blockmover.testkit.MemoryObjectStore;
import io.blockmover.testkit.TestSeed;
import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepositoryChunksTest {

  private final MemoryObjectStore store = new MemoryObjectStore();
  private final byte[] content = new byte[1024 * 1024];
  private BackupFixture fixture;

  @BeforeEach
  void backUpOnce() throws Exception {
    TestSeed.random("index").nextBytes(content);
    fixture = new BackupFixture(store);
    fixture.backUp("first", new MemoryBlockSource(content));
  }

  private long newBytesOfASecondVolume() throws Exception {
    BackupReport report = fixture.backUp("second", new MemoryBlockSource(content));
    assertThat(fixture.restore(report.backup())).isEqualTo(content);
    return report.newChunkBytes();
  }

  private void damageSegments(UnaryOperator<byte[]> damage) {
    assertThat(store.keys("i/")).isNotEmpty();
    store.keys("i/").forEach(key -> store.damage(key, damage));
  }

  @Test
  void foreignObjectsBesideTheSegmentsAreIgnored() throws Exception {
    store.put("i/README", ByteBuffer.wrap(new byte[10]));
    store.put("i/0/notes", ByteBuffer.wrap(new byte[10]));
    store.put("i/x/" + "0".repeat(58), ByteBuffer.wrap(new byte[10]));
    assertThat(newBytesOfASecondVolume()).isZero();
  }

  @Test
  void aSegmentWithADamagedTableOnlyCostsSpace() throws Exception {
    damageSegments(bytes -> flip(bytes, bytes.length - 20));
    assertThat(newBytesOfASecondVolume()).isEqualTo(content.length);
  }

  @Test
  void aSegmentWithADamagedPageOnlyCostsSpace() throws Exception {
    damageSegments(bytes -> flip(bytes, 150)); // in the first record: a page
    assertThat(newBytesOfASecondVolume()).isEqualTo(content.length);
  }

  private static byte[] flip(byte[] bytes, int at) {
    bytes[at] ^= 1;
    return bytes;
  }
}
