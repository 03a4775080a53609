package io.blockmover.repository.pack;

/** How a record's plain text is stored inside its ciphertext. */
enum Codec {
  STORED(0),
  ZSTD(1);

  private final int code;

  Codec(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
