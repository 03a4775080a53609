package io.blockmover.engine.device;

import io.blockmover.api.DeviceFailed;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.SourceReadFailed;

/** Which failure of a system call is which exception: the one table for devices and files. */
final class DeviceErrors {
  private DeviceErrors() {}

  /** Opening, for a backup or before anything was written. */
  static DeviceFailed onOpen(String name, NativeFailure e) {
    return switch (e.errno()) {
      case Errno.ENOENT, Errno.ENOTDIR ->
          new DeviceFailed(name + " does not exist", "check the path", e);
      case Errno.EACCES, Errno.EPERM ->
          new DeviceFailed(
              name + " may not be opened: " + Errno.text(e.errno()),
              "run as root, or as a user who may read the device",
              e);
      default ->
          new DeviceFailed(
              name + " cannot be opened: " + e.getMessage(),
              "check the device's health (dmesg), then run again",
              e);
    };
  }

  /**
   * A read of a backup.
   *
   * @param left what was not read
   */
  static MoverException onRead(BlockFile file, Extent left, NativeFailure e) {
    if (Errno.isGone(e.errno())) {
      return vanished(file, left.offset(), e);
    }
    long size = sizeOrZero(file);
    return size < file.sizeBytes()
        ? changedSize(file, size)
        : new SourceReadFailed(file.name(), left, Errno.text(e.errno()), e);
  }

  /** Asking where the holes are. */
  static DeviceFailed onHoles(BlockFile file, NativeFailure e) {
    return Errno.isGone(e.errno())
        ? vanished(file, e.offset(), e)
        : new DeviceFailed(
            file.name() + " cannot be asked for its holes: " + e.getMessage(),
            "check the device's health (dmesg), then run again",
            e);
  }

  /** A read that ended before the volume should: it shrank. */
  static DeviceFailed onEarlyEnd(BlockFile file, long offset) {
    long size = sizeOrZero(file);
    return size < file.sizeBytes()
        ? changedSize(file, size)
        : new DeviceFailed(
            file.name() + " ended at offset " + offset + " of " + file.sizeBytes(),
            "check the device, then run again");
  }

  /** Anything done to a target. */
  static DeviceFailed onTarget(BlockFile file, String doing, NativeFailure e) {
    if (Errno.isGone(e.errno())) {
      return vanished(file, e.offset(), e);
    }
    // The kernel calls a device that ends early full.
    long size = sizeOrZero(file);
    if (size < file.sizeBytes()) {
      return changedSize(file, size);
    }
    String what = file.name() + " cannot be " + doing + " at offset " + e.offset();
    return switch (e.errno()) {
      case Errno.ENOSPC, Errno.EDQUOT ->
          new DeviceFailed(
              what + ": " + Errno.text(e.errno()),
              "make room below the target (thin pools and file systems fill up), then run again",
              e);
      default ->
          new DeviceFailed(what + ": " + e.getMessage(), "check the device's health (dmesg)", e);
    };
  }

  /** The size is not what it was. */
  static DeviceFailed changedSize(BlockFile file, long now) {
    String change = now < file.sizeBytes() ? "shrank" : "grew";
    return new DeviceFailed(
        file.name()
            + " "
            + (now == 0 ? "vanished or was emptied" : change)
            + " while in use: from "
            + file.sizeBytes()
            + " to "
            + now
            + " bytes",
        "run again when its size is stable");
  }

  private static DeviceFailed vanished(BlockFile file, long offset, NativeFailure e) {
    return new DeviceFailed(
        file.name() + " vanished (at offset " + offset + "): " + Errno.text(e.errno()),
        "attach the device again, then run again",
        e);
  }

  private static long sizeOrZero(BlockFile file) {
    try {
      return file.sizeNow();
    } catch (NativeFailure | MoverException e) {
      return 0;
    }
  }
}
