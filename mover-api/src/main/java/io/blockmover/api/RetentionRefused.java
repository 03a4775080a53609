package io.blockmover.api;

/** Backups were to be forgotten that must not be: nothing would remain of their volume. */
public final class RetentionRefused extends MoverException {

  public RetentionRefused(String message, String advice) {
    super(ErrorKind.REFUSED, message, advice, null);
  }
}
