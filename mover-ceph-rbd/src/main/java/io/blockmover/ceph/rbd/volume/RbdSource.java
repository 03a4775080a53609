package io.blockmover.ceph.rbd.volume;

import io.blockmover.api.Cancelled;
import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.SourceReadFailed;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.ceph.rbd.ImageIdentity;
import io.blockmover.ceph.rbd.librbd.CephErrno;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A snapshot of an image, or the image as it is now, that is read through librbd. The depth of the
 * queue is the number of threads that read.
 */
final class RbdSource implements BlockSource {

  private final String name;
  private final SteadyImage image;
  private final long sizeBytes;
  private final List<ImageIdentity> ancestors;

  /**
   * @param image taken over
   * @param ancestors as they were when it was opened
   */
  RbdSource(String name, SteadyImage image, long sizeBytes, List<ImageIdentity> ancestors) {
    this.name = name;
    this.image = image;
    this.sizeBytes = sizeBytes;
    this.ancestors = List.copyOf(ancestors);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public int alignmentBytes() {
    return 1;
  }

  /**
   * The ancestors are part of it: a run that goes on with what another one read must not trust that
   * if a flatten came between, after which reads may have given zeros.
   */
  @Override
  public Optional<String> immutableIdentity() {
    if (image.identity().snapshotId() == ImageIdentity.HEAD) {
      return Optional.empty();
    }
    StringBuilder identity = new StringBuilder("rbd:").append(image.identity());
    ancestors.forEach(ancestor -> identity.append('<').append(ancestor));
    return Optional.of(identity.toString());
  }

  @Override
  public int read(long offset, ByteBuffer into) throws MoverException {
    if (offset < 0 || offset > sizeBytes) {
      throw new IllegalArgumentException("offset " + offset + " of " + sizeBytes + " bytes");
    }
    if (!into.isDirect()) {
      throw new IllegalArgumentException("not a direct buffer");
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new Cancelled("interrupted before reading " + name, "");
    }
    int wanted = (int) Math.min(into.remaining(), sizeBytes - offset);
    if (wanted > 0) {
      read(new Extent(offset, wanted), MemorySegment.ofBuffer(into).asSlice(0, wanted));
      into.position(into.position() + wanted);
    }
    return wanted;
  }

  private void read(Extent extent, MemorySegment into) throws MoverException {
    try {
      int read = image.onImage(open -> open.read(extent.offset(), into));
      if (read < extent.length()) {
        throw new DeviceFailed(
            name + " ended at " + (extent.offset() + read) + " of " + sizeBytes + " bytes",
            "was it made smaller? Run again, better on a snapshot");
      }
    } catch (CephFailure e) {
      // Only what lies there can be bad: else places would be left out that are merely out of
      // reach.
      throw e.errno() == CephErrno.BROKEN
          ? new SourceReadFailed(name, extent, e.getMessage(), e)
          : e.asDeviceFailure();
    }
  }

  @Override
  public Optional<ExtentCursor> allocated(Extent within) {
    return Optional.of(new AllocatedExtents(image, within));
  }

  @Override
  public void requireStillValid() throws MoverException {
    try {
      Optional<Long> size = image.call(open -> Ancestors.sizeNow(open, image.identity()));
      if (size.isEmpty()) {
        throw new DeviceFailed(
            name + " was removed while it was read: what was read after that are zeros",
            "keep the snapshot until its backup is done; run again on one that is there");
      }
      if (size.get() != sizeBytes) {
        throw new DeviceFailed(
            name + " had " + sizeBytes + " bytes when the backup began and has " + size.get(),
            "run again, better on a snapshot");
      }
      for (ImageIdentity ancestor : ancestors) {
        if (image.call(open -> Ancestors.sizeNow(open, ancestor)).isEmpty()) {
          throw new DeviceFailed(
              name
                  + " was flattened while it was read, and what it was a clone of ("
                  + ancestor
                  + ") was removed: some of what was read may be zeros",
              "run again: nothing of this one is kept");
        }
      }
    } catch (CephFailure e) {
      throw e.asDeviceFailure();
    }
  }

  @Override
  public void close() {
    image.close();
  }
}
