package io.blockmover.api;

/**
 * The repository must not be changed as asked: something would be lost that nobody could restore.
 */
public final class ChangeRefused extends MoverException {

  public ChangeRefused(String message, String advice) {
    super(ErrorKind.REFUSED, message, advice, null);
  }
}
