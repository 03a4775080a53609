package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/** Reads an image as QEMU's page says it, and knows which clusters are in use. */
final class Qcow2Reader implements AutoCloseable {

  private static final long OFFSET = 0x00fffffffffffe00L;

  private final FileChannel file;
  private final ByteBuffer header;
  private final int clusterBytes;

  Qcow2Reader(Path path) throws IOException {
    file = FileChannel.open(path);
    header = read(0, 104);
    assertThat(header.getInt(0)).isEqualTo(0x514649fb);
    assertThat(header.getInt(4)).isEqualTo(3);
    clusterBytes = 1 << header.getInt(20);
    assertThat(file.size() % clusterBytes).isZero();
  }

  private ByteBuffer read(long offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      assertThat(file.read(buffer, offset + buffer.position())).isPositive();
    }
    return buffer.flip();
  }

  /** Writes the guest's bytes to a file. */
  void copyTo(Path raw, long sizeBytes) throws IOException {
    assertThat(header.getLong(24)).isBetween(sizeBytes, sizeBytes + 511);
    try (FileChannel out =
        FileChannel.open(raw, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      out.write(ByteBuffer.wrap(new byte[1]), sizeBytes - 1);
      forEachCluster(
          (guest, host) -> {
            long left = Math.min(clusterBytes, sizeBytes - guest);
            out.write(read(host, (int) left), guest);
          },
          table -> {});
    }
  }

  private interface Data {
    void at(long guest, long host) throws IOException;
  }

  private interface Table {
    void at(long host) throws IOException;
  }

  private void forEachCluster(Data data, Table tables) throws IOException {
    int entries = clusterBytes / Long.BYTES;
    ByteBuffer upper = read(header.getLong(40), header.getInt(36) * Long.BYTES);
    for (long i = 0; upper.hasRemaining(); i++) {
      long table = upper.getLong() & OFFSET;
      if (table != 0) {
        tables.at(table);
        ByteBuffer lower = read(table, clusterBytes);
        for (long j = 0; j < entries; j++) {
          long host = lower.getLong() & OFFSET;
          if (host != 0) {
            data.at((i * entries + j) * clusterBytes, host);
          }
        }
      }
    }
  }

  /** Each cluster is used once and counted once, and the counts cover the file and no more. */
  void requireSoundCounts() throws IOException {
    Set<Long> used = new HashSet<>();
    use(used, 0, 1);
    long countTable = header.getLong(48);
    use(used, countTable, header.getInt(56));
    use(used, header.getLong(40), (header.getInt(36) * 8 + clusterBytes - 1) / clusterBytes);
    forEachCluster((guest, host) -> use(used, host, 1), table -> use(used, table, 1));
    ByteBuffer blocks = read(countTable, header.getInt(56) * clusterBytes);
    Set<Long> counted = new HashSet<>();
    for (long i = 0; blocks.hasRemaining(); i++) {
      long block = blocks.getLong();
      if (block != 0) {
        use(used, block, 1);
        ByteBuffer counts = read(block, clusterBytes);
        for (long j = 0; counts.hasRemaining(); j++) {
          short count = counts.getShort();
          assertThat(count).isBetween((short) 0, (short) 1);
          if (count == 1) {
            counted.add(i * clusterBytes / 2 + j);
          }
        }
      }
    }
    assertThat(counted).isEqualTo(used).hasSize((int) (file.size() / clusterBytes));
  }

  private void use(Set<Long> used, long offset, int clusters) {
    assertThat(offset % clusterBytes).isZero();
    for (long cluster = offset / clusterBytes; clusters > 0; clusters--, cluster++) {
      assertThat(used.add(cluster)).as("cluster %d is used twice", cluster).isTrue();
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
