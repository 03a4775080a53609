package io.blockmover.engine.device;

import io.blockmover.api.Cancelled;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ExtentCursor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The parts of a file that are not holes, asked of the file system one by one. */
final class DataExtents implements ExtentCursor {
  private final BlockFile file;
  private final long end;
  private long position;

  private DataExtents(BlockFile file, Extent within) {
    this.file = file;
    this.position = within.offset();
    this.end = Math.min(within.end(), file.sizeBytes());
  }

  /** Empty if the file system does not know about holes. */
  static Optional<ExtentCursor> of(BlockFile file, Extent within) throws MoverException {
    try {
      file.onDescriptor(fd -> NativeIo.seek(fd, 0, NativeIo.SEEK_HOLE));
    } catch (NativeFailure e) {
      if (Errno.isUnsupported(e.errno())) {
        return Optional.empty();
      }
      // ENXIO: an empty file, in which there is nothing to find.
      if (e.errno() != Errno.ENXIO) {
        throw DeviceErrors.onHoles(file, e);
      }
    }
    return Optional.of(new DataExtents(file, within));
  }

  @Override
  public @Nullable Extent next() throws MoverException {
    if (Thread.currentThread().isInterrupted()) {
      throw new Cancelled("interrupted at work on " + file.name(), "");
    }
    if (position >= end) {
      return null;
    }
    try {
      long from = position;
      long data = file.onDescriptor(fd -> NativeIo.seek(fd, from, NativeIo.SEEK_DATA));
      if (data >= end) {
        position = end;
        return null;
      }
      long hole = file.onDescriptor(fd -> NativeIo.seek(fd, data, NativeIo.SEEK_HOLE));
      position = Math.min(hole, end);
      return Extent.between(data, position);
    } catch (NativeFailure e) {
      // ENXIO: no data from here to the end of the file.
      if (e.errno() == Errno.ENXIO) {
        position = end;
        return null;
      }
      throw DeviceErrors.onHoles(file, e);
    }
  }

  @Override
  public void close() {}
}
