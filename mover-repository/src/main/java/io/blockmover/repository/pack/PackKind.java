package io.blockmover.repository.pack;

/** What the records of a pack are. */
public enum PackKind {
  DATA(1, "d/"),
  MAP(2, "m/"),
  FINGERPRINT(3, "m/"),
  USAGE(4, "m/"),
  INDEX(5, "i/"),
  JOURNAL(6, "w/");

  private final int code;
  private final String prefix;

  PackKind(int code, String prefix) {
    this.code = code;
    this.prefix = prefix;
  }

  int code() {
    return code;
  }

  /** The key of a pack of this kind that lies under its fan-out folder: data, map, usage. */
  public String keyOf(PackName name) {
    if (this == INDEX || this == JOURNAL) {
      throw new IllegalStateException(this + " packs have keys of their own");
    }
    return prefix + name.fanOut() + "/" + name.text();
  }
}
