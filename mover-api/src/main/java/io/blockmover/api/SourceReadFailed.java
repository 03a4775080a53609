package io.blockmover.api;

import org.jspecify.annotations.Nullable;

/** The device answered a read with an error; other places of it may be readable. */
public final class SourceReadFailed extends MoverException {

  private final Extent extent;

  /**
   * @param source the device, file or image as the user named it
   * @param extent what could not be read
   */
  public SourceReadFailed(String source, Extent extent, String reason, @Nullable Throwable cause) {
    super(
        ErrorKind.DEVICE,
        source
            + " cannot be read at offset "
            + extent.offset()
            + " ("
            + extent.length()
            + " bytes): "
            + reason,
        "check the device's health; --skip-bad-blocks backs up the rest and lists what was left out",
        cause);
    this.extent = extent;
  }

  /** What could not be read. */
  public Extent extent() {
    return extent;
  }

  @Override
  public boolean retryable() {
    return true;
  }
}
