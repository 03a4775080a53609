package io.blockmover.repository.pack;

/**
 * Which chunk, and where it is stored.
 *
 * @param idHigh first 8 bytes of the chunk id, big-endian
 * @param idLow next 8 bytes
 * @param offset of the record in the pack, in bytes
 * @param storedLength of the record's ciphertext with its tag, in bytes
 * @param plainLength of the chunk, in bytes
 */
public record ChunkLocation(
    long idHigh, long idLow, PackName pack, int offset, int storedLength, int plainLength) {

  /** The first byte after the record. */
  public int endOffset() {
    return offset + RecordHeader.BYTES + storedLength;
  }

  /** Whether both name the same content (which may be stored in two places). */
  public boolean sameContent(ChunkLocation other) {
    return idHigh == other.idHigh && idLow == other.idLow && plainLength == other.plainLength;
  }
}
