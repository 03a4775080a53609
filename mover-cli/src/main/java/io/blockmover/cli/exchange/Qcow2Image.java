package io.blockmover.cli.exchange;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.engine.device.DataRuns;
import io.blockmover.engine.device.StreamFormat;
import io.blockmover.engine.device.VolumeCopy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * A volume as an image for QEMU (qcow2, version 3), written from front to back: header, reference
 * counts, both levels of tables, then the clusters that hold data, in the volume's order. The page:
 * QEMU's docs/interop/qcow2.txt.
 */
public final class Qcow2Image implements StreamFormat {

  private static final int CLUSTER_BITS = 16;
  private static final int CLUSTER_BYTES = 1 << CLUSTER_BITS;
  private static final int ENTRIES = CLUSTER_BYTES / Long.BYTES;
  private static final int COUNTS = CLUSTER_BYTES / Short.BYTES;
  private static final long TABLE_SPAN = (long) ENTRIES * CLUSTER_BYTES;
  private static final int HEADER_BYTES = 104;
  private static final int SECTOR_BYTES = 512;
  private static final long COPIED = 1L << 63;

  @Override
  public void write(BlockSource volume, OutputStream out) throws MoverException, IOException {
    Plan plan = Plan.of(volume);
    Clusters clusters = new Clusters(out);
    header(plan, volume.sizeBytes(), clusters);
    for (long i = 0; i < plan.countBlocks; i++) {
      clusters.add(plan.at(plan.firstCountBlock() + i));
    }
    clusters.pad();
    for (long i = 0; i < plan.countBlocks * COUNTS; i++) {
      clusters.addCount((short) (i < plan.clusters() ? 1 : 0));
    }
    upperTable(volume, plan, clusters);
    lowerTables(volume, plan, clusters);
    data(volume, clusters);
  }

  private static void header(Plan plan, long sizeBytes, Clusters clusters) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(CLUSTER_BYTES);
    header.put(new byte[] {'Q', 'F', 'I', (byte) 0xfb}).putInt(3);
    header.putLong(0).putInt(0); // no backing file
    header.putInt(CLUSTER_BITS);
    header.putLong((sizeBytes + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES);
    header.putInt(0); // not encrypted
    header.putInt((int) plan.upperEntries).putLong(plan.at(plan.firstUpper()));
    header.putLong(plan.at(1)).putInt((int) plan.countTables);
    header.putInt(0).putLong(0); // no snapshots
    header.putLong(0).putLong(0).putLong(0); // no features
    header.putInt(4); // counts of 16 bits
    header.putInt(HEADER_BYTES);
    clusters.write(header.array());
  }

  /** Names the lower tables that there are: those of spans that hold data. */
  private static void upperTable(BlockSource volume, Plan plan, Clusters clusters)
      throws MoverException, IOException {
    long next = plan.firstLower();
    long done = 0;
    try (ExtentCursor runs = DataRuns.of(volume, CLUSTER_BYTES)) {
      for (Extent run = runs.next(); run != null; run = runs.next()) {
        long last = (run.end() - 1) / TABLE_SPAN;
        for (long span = Math.max(done, run.offset() / TABLE_SPAN); span <= last; span++) {
          for (; done < span; done++) {
            clusters.add(0);
          }
          clusters.add(COPIED | plan.at(next++));
          done++;
        }
      }
    }
    for (; done < plan.upperEntries; done++) {
      clusters.add(0);
    }
    clusters.pad();
  }

  private static void lowerTables(BlockSource volume, Plan plan, Clusters clusters)
      throws MoverException, IOException {
    long next = plan.firstData();
    long done = -1; // the guest's cluster that was entered last
    try (ExtentCursor runs = DataRuns.of(volume, CLUSTER_BYTES)) {
      for (Extent run = runs.next(); run != null; run = runs.next()) {
        long first = run.offset() / CLUSTER_BYTES;
        long last = (run.end() - 1) / CLUSTER_BYTES;
        for (long cluster = first; cluster <= last; cluster++) {
          if (done < 0 || cluster / ENTRIES != done / ENTRIES) {
            clusters.pad();
            done = cluster / ENTRIES * ENTRIES - 1;
          }
          for (done++; done < cluster; done++) {
            clusters.add(0);
          }
          clusters.add(COPIED | plan.at(next++));
        }
      }
    }
    clusters.pad();
  }

  private static void data(BlockSource volume, Clusters clusters)
      throws MoverException, IOException {
    try (ExtentCursor runs = DataRuns.of(volume, CLUSTER_BYTES);
        VolumeCopy copy = new VolumeCopy(volume)) {
      for (Extent run = runs.next(); run != null; run = runs.next()) {
        copy.copy(run.offset(), run.end(), clusters);
      }
    }
    clusters.pad();
  }

  /**
   * How many clusters each part takes.
   *
   * @param upperEntries of the upper table, one a lower table
   */
  private record Plan(
      long upperEntries, long lowerTables, long dataClusters, long countTables, long countBlocks) {

    static Plan of(BlockSource volume) throws MoverException {
      long data = 0;
      long tables = 0;
      long lastSpan = -1;
      try (ExtentCursor runs = DataRuns.of(volume, CLUSTER_BYTES)) {
        for (Extent run = runs.next(); run != null; run = runs.next()) {
          data += ceil(run.end(), CLUSTER_BYTES) - run.offset() / CLUSTER_BYTES;
          long last = (run.end() - 1) / TABLE_SPAN;
          tables += last - Math.max(lastSpan, run.offset() / TABLE_SPAN - 1);
          lastSpan = last;
        }
      }
      Plan plan = new Plan(Math.max(1, ceil(volume.sizeBytes(), TABLE_SPAN)), tables, data, 1, 1);
      while (true) {
        long blocks = ceil(plan.clusters(), COUNTS);
        long countTables = ceil(blocks, ENTRIES);
        if (blocks == plan.countBlocks && countTables == plan.countTables) {
          return plan;
        }
        plan = new Plan(plan.upperEntries, tables, data, countTables, blocks);
      }
    }

    private static long ceil(long number, long unit) {
      return (number + unit - 1) / unit;
    }

    long at(long cluster) {
      return cluster * CLUSTER_BYTES;
    }

    long firstCountBlock() {
      return 1 + countTables;
    }

    long firstUpper() {
      return firstCountBlock() + countBlocks;
    }

    long firstLower() {
      return firstUpper() + ceil(upperEntries, ENTRIES);
    }

    long firstData() {
      return firstLower() + lowerTables;
    }

    long clusters() {
      return firstData() + dataClusters;
    }
  }

  /** The image as it is written, number by number. */
  private static final class Clusters extends OutputStream {
    private final OutputStream out;
    private final ByteBuffer collected = ByteBuffer.allocate(CLUSTER_BYTES);
    private long written;

    Clusters(OutputStream out) {
      this.out = out;
    }

    void add(long entry) throws IOException {
      collected.putLong(entry);
      writeIfFull();
    }

    void addCount(short count) throws IOException {
      collected.putShort(count);
      writeIfFull();
    }

    private void writeIfFull() throws IOException {
      if (!collected.hasRemaining()) {
        write(collected.array());
        collected.clear();
      }
    }

    /** Fills the cluster that was begun with zeros. */
    void pad() throws IOException {
      int begun = collected.position();
      if (begun > 0) {
        write(collected.array(), 0, begun);
        collected.clear();
      }
      int over = (int) (written % CLUSTER_BYTES);
      if (over > 0) {
        write(new byte[CLUSTER_BYTES - over]);
      }
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      written++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      written += length;
    }
  }
}
