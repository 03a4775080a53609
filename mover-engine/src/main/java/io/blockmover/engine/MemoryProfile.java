package io.blockmover.engine;

/**
 * How much memory a job takes; everything else follows from it. The sum stays flat whatever the
 * size of volume and repository.
 *
 * @param packBytes size of a pack
 * @param packBuffers packs that are being filled or uploaded at once
 * @param workers threads that read and process at once, and so the depth of the device's queue
 * @param sessionChunks chunks of this session that are remembered for deduplication
 * @param indexFilterBytes for filters of the repository-wide index
 */
public record MemoryProfile(
    int packBytes, int packBuffers, int workers, int sessionChunks, int indexFilterBytes) {

  private static final int MIB = 1 << 20;

  /** At most 512 MiB resident. */
  public static MemoryProfile standard() {
    return new MemoryProfile(32 * MIB, 5, 16, 512 * 1024, 32 * MIB);
  }

  /** At most 256 MiB resident. */
  public static MemoryProfile small() {
    return new MemoryProfile(12 * MIB, 3, 8, 128 * 1024, 8 * MIB);
  }
}
