package io.blockmover.engine.rules;

/** A rules file that cannot be followed: what is wrong, and where. Nothing of it is used then. */
public final class BadRules extends Exception {

  private static final long serialVersionUID = 1;

  private final int line;
  private final int column;

  /**
   * @param line and {@code column} counted from 1
   */
  BadRules(String file, int line, int column, String problem) {
    super(file + ":" + line + ":" + column + ": " + problem);
    this.line = line;
    this.column = column;
  }

  /** Counted from 1. */
  public int line() {
    return line;
  }

  /** Counted from 1. */
  public int column() {
    return column;
  }
}
