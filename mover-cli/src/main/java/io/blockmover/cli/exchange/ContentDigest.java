package io.blockmover.cli.exchange;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * SHA-256 over the pieces of 4096 bytes of a volume that are not all zeros, each after its offset
 * (8 bytes, big-endian): the same whether holes were read or left out, and quick over holes.
 */
final class ContentDigest extends OutputStream {

  private static final int PIECE_BYTES = 4096;
  private static final byte[] ZEROS = new byte[PIECE_BYTES];

  private final MessageDigest digest;
  private final byte[] piece = new byte[PIECE_BYTES];
  private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
  private long position;

  ContentDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Goes on there; what lies between is zeros. Only from and to the beginning of pieces. */
  void skipTo(long offset) {
    finishPiece();
    position = offset;
  }

  @Override
  public void write(int value) {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    int done = 0;
    while (done < length) {
      int at = (int) (position % PIECE_BYTES);
      int part = Math.min(length - done, PIECE_BYTES - at);
      System.arraycopy(bytes, offset + done, piece, at, part);
      position += part;
      done += part;
      if (at + part == PIECE_BYTES) {
        add(position - PIECE_BYTES, PIECE_BYTES);
      }
    }
  }

  /** The digest of all; in hex. */
  String hex() {
    finishPiece();
    return HexFormat.of().formatHex(digest.digest());
  }

  private void finishPiece() {
    int begun = (int) (position % PIECE_BYTES);
    if (begun > 0) {
      add(position - begun, begun);
      position += PIECE_BYTES - begun;
    }
  }

  private void add(long offset, int length) {
    if (Arrays.mismatch(piece, 0, length, ZEROS, 0, length) >= 0) {
      digest.update(number.clear().putLong(offset).array());
      digest.update(piece, 0, length);
    }
  }
}
