package io.blockmover.engine.device;

/** A system call that answered with an errno. Never leaves this package. */
final class NativeFailure extends Exception {
  private static final long serialVersionUID = 1;

  private final int errno;
  private final long offset;

  NativeFailure(String call, int errno) {
    this(call + ": " + Errno.text(errno), errno, 0);
  }

  private NativeFailure(String message, int errno, long offset) {
    super(message);
    this.errno = errno;
    this.offset = offset;
  }

  int errno() {
    return errno;
  }

  /** Where in the file it happened; meaningful for transfers only. */
  long offset() {
    return offset;
  }

  NativeFailure at(long where) {
    NativeFailure placed = new NativeFailure(getMessage(), errno, where);
    placed.setStackTrace(getStackTrace());
    return placed;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
