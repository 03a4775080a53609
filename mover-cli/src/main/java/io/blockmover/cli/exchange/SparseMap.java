package io.blockmover.cli.exchange;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.engine.device.DataRuns;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Where the data of a sparse file lies, in GNU tar's format 1.0: decimal numbers, a line each; how
 * many runs, then offset and length of each. It is counted first and written later, and never held.
 *
 * @param unitBytes of the runs
 * @param runs how many, the empty one that stands for a hole at the end included
 */
record SparseMap(int unitBytes, long runs, long textBytes, long dataBytes) {

  static SparseMap of(BlockSource volume, int unitBytes) throws MoverException {
    long runs = 0;
    long text = 0;
    long data = 0;
    long end = 0;
    try (ExtentCursor cursor = DataRuns.of(volume, unitBytes)) {
      for (Extent run = cursor.next(); run != null; run = cursor.next()) {
        runs++;
        text += digits(run.offset()) + digits(run.length());
        data += run.length();
        end = run.end();
      }
    }
    if (end < volume.sizeBytes()) {
      runs++;
      text += digits(volume.sizeBytes()) + digits(0);
    }
    return new SparseMap(unitBytes, runs, text + digits(runs), data);
  }

  /** With the end of the line. */
  private static int digits(long number) {
    return Long.toString(number).length() + 1;
  }

  void write(BlockSource volume, OutputStream out) throws MoverException, IOException {
    line(out, runs);
    long end = 0;
    try (ExtentCursor cursor = DataRuns.of(volume, unitBytes)) {
      for (Extent run = cursor.next(); run != null; run = cursor.next()) {
        line(out, run.offset());
        line(out, run.length());
        end = run.end();
      }
    }
    if (end < volume.sizeBytes()) {
      line(out, volume.sizeBytes());
      line(out, 0);
    }
  }

  private static void line(OutputStream out, long number) throws IOException {
    out.write((number + "\n").getBytes(StandardCharsets.US_ASCII));
  }
}
