package io.blockmover.api;

import org.jspecify.annotations.Nullable;

/** Stored bytes are not what was written: wrong length, failed authentication, wrong hash. */
public final class CorruptData extends MoverException {

  private final String key;

  /**
   * @param key the object (or device) that holds the bytes
   * @param expected what was expected, in words
   * @param actual what was found, in words
   */
  public CorruptData(String key, String expected, String actual) {
    this(key, expected, actual, null);
  }

  public CorruptData(String key, String expected, String actual, @Nullable Throwable cause) {
    super(
        ErrorKind.CORRUPT,
        key + " is damaged: expected " + expected + ", found " + actual,
        "run `mover verify --level data` to list every backup that needs it",
        cause);
    this.key = key;
  }

  private CorruptData(CorruptData damage, String message, String advice) {
    super(ErrorKind.CORRUPT, message, advice, damage);
    this.key = damage.key;
  }

  /**
   * The same damage, with what follows from it.
   *
   * @param consequence in words, without a full stop
   */
  public CorruptData breaking(String consequence) {
    return new CorruptData(this, getMessage() + "; " + consequence, advice());
  }

  /** The same damage, where something else is to be done about it. */
  public CorruptData advising(String advice) {
    return new CorruptData(this, String.valueOf(getMessage()), advice);
  }

  /** The object that is damaged. */
  public String key() {
    return key;
  }
}
