package io.blockmover.velero.settings;

/** Settings that cannot be followed: what is wrong, and where. Nothing of them is used then. */
public final class BadSettings extends Exception {

  private static final long serialVersionUID = 1;

  BadSettings(String message) {
    super(message);
  }
}
