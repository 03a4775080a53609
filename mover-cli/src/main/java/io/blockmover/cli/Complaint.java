package io.blockmover.cli;

/**
 * The command line itself has something to object to; {@link #advice()} says what to do about it.
 */
public final class Complaint extends Exception {

  private static final long serialVersionUID = 1L;

  private final int exitCode;
  private final String advice;

  private Complaint(int exitCode, String message, String advice) {
    super(message);
    this.exitCode = exitCode;
    this.advice = advice;
  }

  /** The command was not given as it must be. */
  public static Complaint usage(String message, String advice) {
    return new Complaint(ExitCode.USAGE, message, advice);
  }

  /** The command was understood and cannot be done. */
  public static Complaint failure(String message, String advice) {
    return new Complaint(ExitCode.FAILED, message, advice);
  }

  int exitCode() {
    return exitCode;
  }

  /** What a person should do next; empty if the message says it all. */
  public String advice() {
    return advice;
  }
}
