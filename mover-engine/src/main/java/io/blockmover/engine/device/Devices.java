package io.blockmover.engine.device;

import io.blockmover.api.DeviceFailed;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.source.BlockTarget;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** Opens block devices and image files. */
public final class Devices {
  private Devices() {}

  /**
   * Opens a block device or regular file to be read. Regular files know their holes.
   *
   * @throws DeviceFailed if it is not there, may not be read, or is something else
   */
  public static BlockSource openSource(Path path) throws MoverException {
    String name = path.toString();
    try {
      FileStatus status = NativeIo.status(path);
      if (!status.isVolume()) {
        throw new DeviceFailed(
            name + " is " + status.kind().text() + ", not a block device or a regular file",
            "give the path of a device such as /dev/sdb, or of an image file");
      }
      return new DeviceSource(Opening.open(path, status, NativeIo.O_RDONLY), status);
    } catch (NativeFailure e) {
      throw DeviceErrors.onOpen(name, e);
    }
  }

  /**
   * Opens standard input to be read. A redirected device or file is read in place; anything else is
   * copied to a nameless temporary file first, without its zeros, until it ends: only then is its
   * size known.
   *
   * @param spoolDirectory where there is room for the copy
   * @throws DeviceFailed if it cannot be read or there is no room
   */
  public static BlockSource openStandardInput(InputStream in, Path spoolDirectory)
      throws MoverException {
    return StandardInput.open(in, spoolDirectory);
  }

  /**
   * A target that goes to a stream, in the volume's order: it collects everything in a nameless
   * temporary file and copies that to the stream in {@link BlockTarget#flush()}, once.
   *
   * @param name what the user calls it
   * @param out stays the caller's to close
   * @param spoolDirectory where there is room for what is not zero
   * @throws DeviceFailed if the temporary file cannot be made
   */
  public static BlockTarget openStream(
      String name, OutputStream out, StreamFormat format, long sizeBytes, Path spoolDirectory)
      throws MoverException {
    return StreamTarget.open(name, out, format, sizeBytes, spoolDirectory);
  }

  /**
   * Opens what a stream delivers to be read: it is copied to a nameless temporary file, without its
   * zeros, until it ends.
   *
   * @param name what the user calls it
   * @param spoolDirectory where there is room for the copy
   * @throws DeviceFailed if the stream breaks or there is no room
   */
  public static BlockSource copyOf(String name, InputStream in, Path spoolDirectory)
      throws MoverException {
    return StandardInput.copied(name, in, spoolDirectory);
  }

  /**
   * Opens a block device or regular file to be written; a missing file is made, sparse, if the
   * options allow it. Nothing is written before all checks have passed.
   *
   * <p>A target larger than the backup is kept at its size, device or file: what lies past the end
   * of the backup is left as it is, and {@link BlockTarget#sizeBytes()} tells its real size. A
   * smaller file is enlarged; a smaller device is refused.
   *
   * @param sizeBytes size of the backup that it must hold
   * @throws io.blockmover.api.TargetRefused if it is in use, read-only, too small, neither a block
   *     device nor a regular file, or holds something and {@link TargetOptions#force()} is not set
   * @throws DeviceFailed if the system refuses for another reason
   */
  public static BlockTarget openTarget(Path path, long sizeBytes, TargetOptions options)
      throws MoverException {
    return new TargetOpening(path, sizeBytes, options).open();
  }

  /**
   * What a volume seems to hold, by the marks at its beginning: "an ext4 file system"; empty if
   * nothing is recognised.
   *
   * @throws MoverException if the beginning cannot be read
   */
  public static Optional<String> recognise(BlockSource source) throws MoverException {
    int length = (int) Math.min(Signatures.PROBE_BYTES, source.sizeBytes());
    try (AlignedBufferPool buffers = new AlignedBufferPool(1, Signatures.PROBE_BYTES)) {
      ByteBuffer buffer = buffers.take();
      int alignment = source.alignmentBytes();
      buffer.limit((length + alignment - 1) / alignment * alignment);
      byte[] start = new byte[Math.min(length, source.read(0, buffer))];
      buffer.get(0, start);
      return Signatures.recognise(start);
    }
  }

  /**
   * Where a device, or something built on it (a partition, a volume group, a loop device over a
   * file), is mounted for writing; empty if it is not, as far as this process can see.
   */
  public static Optional<String> mountedReadWrite(Path path) {
    try {
      return DeviceUse.ofThisSystem().mountedReadWrite(NativeIo.status(path));
    } catch (NativeFailure e) {
      return Optional.empty();
    }
  }
}
