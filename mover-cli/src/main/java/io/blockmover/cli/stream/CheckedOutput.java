package io.blockmover.cli.stream;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Data on standard output. A print stream keeps its failures to itself: a full disk or a reader
 * that went away would otherwise pass for a restore.
 */
public final class CheckedOutput extends OutputStream {

  private final PrintStream out;

  public CheckedOutput(PrintStream out) {
    this.out = out;
  }

  @Override
  public void write(int value) throws IOException {
    out.write(value);
    check();
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    check();
  }

  @Override
  public void flush() throws IOException {
    out.flush();
    check();
  }

  private void check() throws IOException {
    if (out.checkError()) {
      throw new IOException("its reader went away, or its disk is full");
    }
  }
}
