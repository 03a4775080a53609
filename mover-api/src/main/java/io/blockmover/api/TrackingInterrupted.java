package io.blockmover.api;

import org.jspecify.annotations.Nullable;

/** The stream of extents broke; everything before {@link #resumeOffset()} was delivered. */
public final class TrackingInterrupted extends MoverException {

  private final long resumeOffset;

  /**
   * @param resumeOffset where to open the stream again, in bytes from the start of the volume
   */
  public TrackingInterrupted(String message, long resumeOffset, @Nullable Throwable cause) {
    super(ErrorKind.TRACKING, message, "", cause);
    this.resumeOffset = resumeOffset;
  }

  /** Where to open the stream again, in bytes from the start of the volume. */
  public long resumeOffset() {
    return resumeOffset;
  }

  @Override
  public boolean retryable() {
    return true;
  }
}
