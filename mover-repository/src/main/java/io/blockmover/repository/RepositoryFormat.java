package io.blockmover.repository;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.blockmover.api.CorruptData;
import io.blockmover.api.UnsupportedFormat;
import io.blockmover.api.store.StoreReport;
import io.blockmover.repository.crypto.Hmac;
import io.blockmover.repository.document.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a repository is: the object {@code format}. Its members are those of the JSON. */
public record RepositoryFormat(
    String format,
    int version,
    String repository,
    String lineage,
    Instant created,
    int chunkBytes,
    int pieceBytes,
    String encryption,
    Requirements requires,
    @Nullable StoreFindings store) {

  /** The key of the object. */
  public static final String KEY = "format";

  public static final int VERSION = 1;
  public static final int DEFAULT_CHUNK_BYTES = 512 << 10;
  public static final int PIECE_BYTES = 64 << 10;
  public static final String ENCRYPTED = "aes-256-gcm";
  public static final String NOT_ENCRYPTED = "none";

  static final int MAX_BYTES = 64 << 10;
  private static final String NAME = "blockmover";

  @SuppressWarnings("NullAway") // JSON may lack it
  public RepositoryFormat {
    requires = requires == null ? Requirements.NOTHING : requires;
  }

  /** The format of a new repository. */
  static RepositoryFormat create(
      String repository,
      byte[] lineage,
      Instant created,
      int chunkBytes,
      boolean encrypted,
      StoreFindings store) {
    if (Integer.bitCount(chunkBytes) != 1 || chunkBytes < 64 << 10 || chunkBytes > 4 << 20) {
      throw new IllegalArgumentException("chunks of " + chunkBytes + " bytes");
    }
    return new RepositoryFormat(
        NAME,
        VERSION,
        repository,
        HexFormat.of().formatHex(lineage),
        created,
        chunkBytes,
        PIECE_BYTES,
        encrypted ? ENCRYPTED : NOT_ENCRYPTED,
        Requirements.NOTHING,
        store);
  }

  /** Whether a password is needed. */
  public boolean encrypted() {
    return !NOT_ENCRYPTED.equals(encryption);
  }

  /** The bytes of the object: two lines. */
  byte[] toBytes(byte[] metadataKey) {
    byte[] line = Json.write(this);
    String check = HexFormat.of().formatHex(Hmac.sha256(metadataKey, line));
    byte[] end = ("\n" + check + "\n").getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = Arrays.copyOf(line, line.length + end.length);
    System.arraycopy(end, 0, bytes, line.length, end.length);
    return bytes;
  }

  /** Reads the object, whose second line is yet to be checked. */
  static RepositoryFormat parse(byte[] bytes) throws CorruptData, UnsupportedFormat {
    RepositoryFormat read =
        Json.read(Arrays.copyOf(bytes, firstLine(bytes)), RepositoryFormat.class, KEY);
    if (!NAME.equals(read.format)) {
      throw new CorruptData(KEY, "a " + NAME + " repository", "format " + read.format);
    }
    if (read.version > VERSION) {
      throw new UnsupportedFormat(
          "the repository is of format version "
              + read.version
              + "; this program knows versions up to "
              + VERSION,
          "use a newer mover");
    }
    return read;
  }

  /** Checks the second line. */
  static void requireAuthentic(byte[] bytes, byte[] metadataKey) throws CorruptData {
    int end = firstLine(bytes);
    String expected = HexFormat.of().formatHex(Hmac.sha256(metadataKey, Arrays.copyOf(bytes, end)));
    byte[] second = ("\n" + expected + "\n").getBytes(StandardCharsets.US_ASCII);
    if (!MessageDigest.isEqual(second, Arrays.copyOfRange(bytes, end, bytes.length))) {
      throw new CorruptData(KEY, "a second line that fits the first", "another one");
    }
  }

  private static int firstLine(byte[] bytes) throws CorruptData {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    throw new CorruptData(KEY, "two lines", bytes.length + " bytes without an end of line");
  }

  /** Names of features that forbid an operation to those who do not know them. */
  public record Requirements(
      List<String> read, List<String> write, List<String> delete, List<String> check) {

    static final Requirements NOTHING =
        new Requirements(List.of(), List.of(), List.of(), List.of());

    @SuppressWarnings("NullAway") // JSON may lack them
    public Requirements {
      read = read == null ? List.of() : List.copyOf(read);
      write = write == null ? List.of() : List.copyOf(write);
      delete = delete == null ? List.of() : List.copyOf(delete);
      check = check == null ? List.of() : List.copyOf(check);
    }
  }

  /**
   * What the probe found at init; advice, never trusted.
   *
   * @param storeClass A: any number of writers are safe. Other classes hold no repository
   * @param options of the store, under which it works best; see {@link StoreReport#options}
   */
  public record StoreFindings(
      @JsonProperty("class") String storeClass, Map<String, String> options) {

    @SuppressWarnings("NullAway") // JSON may lack them
    public StoreFindings {
      options = options == null ? Map.of() : Map.copyOf(options);
    }
  }
}
