package io.blockmover.repository.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.repository.crypto.Hkdf;
import io.blockmover.repository.crypto.Hmac;
import io.blockmover.testkit.TestSeed;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import java.util.zip.Checksum;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PieceFingerprintTest {

  private static final byte[] KEY = new byte[32];

  static {
    Arrays.fill(KEY, (byte) 7);
  }

  private final long[] words = PieceFingerprint.keyWords(KEY);

  private String fingerprint(byte[] piece) {
    byte[] out = new byte[16];
    new PieceFingerprint(KEY, words).compute(MemorySegment.ofArray(piece), 0, piece.length, out);
    return HexFormat.of().formatHex(out);
  }

  /** Section 7 of the format, as plainly as it can be written. */
  private static String asTheFormatSays(byte[] piece) throws Exception {
    byte[] padded = Arrays.copyOf(piece, (piece.length + 7) / 8 * 8);
    ByteBuffer m = ByteBuffer.wrap(padded).order(ByteOrder.LITTLE_ENDIAN);
    Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
    byte[] seed = Hkdf.derive(KEY, new byte[0], "blockmover/1 fingerprint words");
    cipher.init(
        Cipher.ENCRYPT_MODE, new SecretKeySpec(seed, "AES"), new IvParameterSpec(new byte[16]));
    ByteBuffer k =
        ByteBuffer.wrap(cipher.doFinal(new byte[16390 * 4])).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer last = ByteBuffer.allocate(36).order(ByteOrder.LITTLE_ENDIAN).putInt(piece.length);
    for (int t = 0; t < 4; t++) {
      long sum = 0;
      for (int i = 0; i < padded.length / 4; i += 2) {
        long a = (m.getInt(4 * i) + k.getInt(4 * (i + 2 * t))) & 0xffffffffL;
        long b = (m.getInt(4 * (i + 1)) + k.getInt(4 * (i + 1 + 2 * t))) & 0xffffffffL;
        sum += a * b;
      }
      last.putLong(sum);
    }
    return HexFormat.of().formatHex(Hmac.sha256(KEY, last.array()), 0, 16);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 512, 4096, 8191, 8192, 8193, 65535, 65536})
  void itIsWhatTheFormatSays(int length) throws Exception {
    byte[] piece = new byte[length];
    TestSeed.random("format").nextBytes(piece);
    assertThat(fingerprint(piece)).isEqualTo(asTheFormatSays(piece));
  }

  @Test
  void everyBitCounts() {
    byte[] piece = new byte[4096];
    TestSeed.random("bits").nextBytes(piece);
    Set<String> seen = new HashSet<>();
    seen.add(fingerprint(piece));
    for (int bit = 0; bit < piece.length * 8; bit++) {
      piece[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(seen.add(fingerprint(piece))).as("bit %d", bit).isTrue();
      piece[bit / 8] ^= (byte) (1 << (bit % 8));
    }
  }

  @Test
  void aShorterPieceOfZerosIsAnotherPiece() {
    assertThat(fingerprint(new byte[4096])).isNotEqualTo(fingerprint(new byte[8192]));
  }

  @Test
  void anotherKeyGivesAnotherFingerprint() {
    byte[] piece = {1, 2, 3};
    byte[] other = KEY.clone();
    other[31] ^= 1;
    byte[] out = new byte[16];
    new PieceFingerprint(other, PieceFingerprint.keyWords(other))
        .compute(MemorySegment.ofArray(piece), 0, piece.length, out);
    assertThat(HexFormat.of().formatHex(out)).isNotEqualTo(fingerprint(piece));
  }

  @Test
  void piecesThatCollideUnderCrcAreToldApart() {
    // CRC-32 is linear: xor with a multiple of its polynomial changes nothing but the bytes.
    byte[] piece = new byte[4096];
    TestSeed.random("crc").nextBytes(piece);
    byte[] twin = piece.clone();
    long polynomial = 0xEDB88320L << 1 | 1; // reflected, 33 bits
    for (int bit = 0; bit < 33; bit++) {
      if ((polynomial >>> bit & 1) != 0) {
        twin[100 + bit / 8] ^= (byte) (1 << (bit % 8));
      }
    }
    assertThat(sum(new CRC32(), twin)).isEqualTo(sum(new CRC32(), piece));
    assertThat(fingerprint(twin)).isNotEqualTo(fingerprint(piece));
  }

  @Test
  void piecesThatCollideUnderSumsAndXorAreToldApart() {
    Random random = TestSeed.random("sums");
    byte[] piece = new byte[4096];
    random.nextBytes(piece);
    // +1, -2, +1 keeps both sums of Adler-32; swapped words keep a sum and a xor of words.
    byte[] adler = piece.clone();
    Arrays.fill(adler, 0, 3, (byte) 100);
    byte[] adlerTwin = adler.clone();
    adlerTwin[0]++;
    adlerTwin[1] -= 2;
    adlerTwin[2]++;
    assertThat(sum(new Adler32(), adlerTwin)).isEqualTo(sum(new Adler32(), adler));
    assertThat(fingerprint(adlerTwin)).isNotEqualTo(fingerprint(adler));
    byte[] swapped = piece.clone();
    System.arraycopy(piece, 8, swapped, 0, 8);
    System.arraycopy(piece, 0, swapped, 8, 8);
    assertThat(fingerprint(swapped)).isNotEqualTo(fingerprint(piece));
  }

  private static long sum(Checksum checksum, byte[] bytes) {
    checksum.update(bytes);
    return checksum.getValue();
  }
}
