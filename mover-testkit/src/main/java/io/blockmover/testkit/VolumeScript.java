package io.blockmover.testkit;

import io.blockmover.api.Extent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.Assertions;

/** Writes and discards at random, and knows what the volume holds. */
final class VolumeScript {

  private final TrackedVolume volume;
  private final int blockBytes;
  private final Random random;
  private byte[] content;

  VolumeScript(TrackedVolume volume, int sizeBytes, int blockBytes, Random random) {
    this.volume = volume;
    this.blockBytes = blockBytes;
    this.random = random;
    this.content = new byte[sizeBytes];
  }

  TrackedVolume volume() {
    return volume;
  }

  int sizeBytes() {
    return content.length;
  }

  void play(int steps) throws Exception {
    for (int step = 0; step < steps; step++) {
      int offset = blocks(random.nextInt(content.length));
      int longest = Math.min(content.length - offset, random.nextInt(4) == 0 ? 300_000 : 9_000);
      int length = Math.max(blockBytes, blocks(longest));
      if (random.nextInt(4) == 0) {
        discard(new Extent(offset, length));
      } else {
        write(offset, length);
      }
    }
  }

  void write(int offset, int length) throws Exception {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    volume.write(offset, bytes);
    System.arraycopy(bytes, 0, content, offset, length);
  }

  void discard(Extent extent) throws Exception {
    volume.discard(extent);
    Arrays.fill(content, (int) extent.offset(), (int) extent.end(), (byte) 0);
  }

  void grow(int newSizeBytes) throws Exception {
    volume.grow(newSizeBytes);
    content = Arrays.copyOf(content, newSizeBytes);
  }

  TakenSnapshot snapshot() throws Exception {
    TakenSnapshot taken = new TakenSnapshot(volume.snapshot(), content.clone());
    Assertions.assertThat(taken.reference().sizeBytes()).isEqualTo(content.length);
    return taken;
  }

  /** Offsets on and off the blocks, the ends among them. */
  List<Long> offsets(int count) {
    List<Long> offsets = new ArrayList<>(List.of(0L, 1L, content.length - 1L));
    for (int i = 0; i < count; i++) {
      int offset = random.nextInt(content.length);
      offsets.add((long) (i % 2 == 0 ? blocks(offset) : offset));
    }
    return offsets;
  }

  private int blocks(int bytes) {
    return bytes / blockBytes * blockBytes;
  }
}
