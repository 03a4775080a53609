package io.blockmover.cli.stream;

import io.blockmover.cli.Complaint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file between a pipe and the engine, which reads and writes out of order. Zeros take no space in
 * it.
 */
public final class Spool implements AutoCloseable {

  private static final int BLOCK_BYTES = 64 << 10;

  private final Path file;

  private Spool(Path file) {
    this.file = file;
  }

  /** An empty one in the directory for temporary files. */
  public static Spool create() throws Complaint {
    try {
      return new Spool(Files.createTempFile("mover-", ".spool"));
    } catch (IOException e) {
      throw Complaint.failure(
          "no temporary file can be made: " + e, "set TMPDIR to a directory with space");
    }
  }

  public Path file() {
    return file;
  }

  /** Takes everything that comes. */
  public void fill(InputStream in) throws Complaint {
    byte[] block = new byte[BLOCK_BYTES];
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      long length = 0;
      for (int n = in.readNBytes(block, 0, BLOCK_BYTES);
          n > 0;
          n = in.readNBytes(block, 0, BLOCK_BYTES)) {
        if (!allZero(block, n)) {
          out.seek(length);
          out.write(block, 0, n);
        }
        length += n;
      }
      out.setLength(length);
    } catch (IOException e) {
      throw Complaint.failure(
          "standard input cannot be kept in " + file + ": " + e.getMessage(),
          "set TMPDIR to a directory with enough space");
    }
  }

  /** Hands everything on. */
  public void drain(OutputStream out) throws Complaint {
    try (InputStream in = Files.newInputStream(file)) {
      in.transferTo(out);
      out.flush();
    } catch (IOException e) {
      throw Complaint.failure("standard output cannot be written: " + e.getMessage(), "");
    }
  }

  private static boolean allZero(byte[] block, int length) {
    for (int i = 0; i < length; i++) {
      if (block[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Deletes the file. */
  @Override
  public void close() {
    file.toFile().delete();
  }
}
