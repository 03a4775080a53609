package io.blockmover.cli.exchange;

import io.blockmover.api.CorruptData;
import io.blockmover.api.DeviceFailed;
import io.blockmover.api.MoverException;
import io.blockmover.repository.document.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * An archive that {@link TarArchive} wrote, read from front to back: {@link #about}, {@link
 * #content} to its end, {@link #requireWhole}.
 */
public final class ArchiveReader implements AutoCloseable {

  private static final int SMALL_BYTES = 1 << 20;

  private final String name;
  private final TarArchiveInputStream tar;
  private final ArchivedBackup about;
  private final ContentDigest digest = new ContentDigest();
  private long contentBytes;

  private ArchiveReader(String name, TarArchiveInputStream tar, ArchivedBackup about) {
    this.name = name;
    this.tar = tar;
    this.about = about;
  }

  /**
   * Reads what the archive says of itself.
   *
   * @param name what the user calls it
   * @param in is closed with the reader
   * @throws CorruptData if it is no such archive, or of a version that this one does not know
   */
  public static ArchiveReader open(String name, InputStream in) throws MoverException {
    TarArchiveInputStream tar = new TarArchiveInputStream(in, StandardCharsets.UTF_8.name());
    try {
      byte[] json = small(tar, name, ArchivedBackup.ABOUT);
      ArchivedBackup about = Json.read(json, ArchivedBackup.class, name);
      if (about.format() != ArchivedBackup.FORMAT) {
        throw corrupt(name, "format " + ArchivedBackup.FORMAT, "format " + about.format());
      }
      requireEntry(tar, name, ArchivedBackup.VOLUME);
      return new ArchiveReader(name, tar, about);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  public ArchivedBackup about() {
    return about;
  }

  /** The volume's bytes, zeros included; to be read once. */
  public InputStream content() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        int done = tar.read(into, offset, length);
        if (done > 0) {
          digest.write(into, offset, done);
          contentBytes += done;
        }
        return done;
      }
    };
  }

  /**
   * Checks that the content, which has been read to its end, is what was written.
   *
   * @throws CorruptData if it is not
   */
  public void requireWhole() throws MoverException {
    if (contentBytes != about.volumeBytes()) {
      throw corrupt(name, about.volumeBytes() + " bytes of the volume", contentBytes + " bytes");
    }
    try {
      String expected =
          new String(small(tar, name, ArchivedBackup.DIGEST), StandardCharsets.UTF_8).strip();
      String found = digest.hex();
      if (!found.equals(expected)) {
        throw corrupt(name, "content with the digest " + expected, "one with " + found);
      }
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private static byte[] small(TarArchiveInputStream tar, String name, String entry)
      throws IOException, MoverException {
    requireEntry(tar, name, entry);
    byte[] bytes = tar.readNBytes(SMALL_BYTES + 1);
    if (bytes.length > SMALL_BYTES) {
      throw corrupt(name, entry + " of at most " + SMALL_BYTES + " bytes", "more");
    }
    return bytes;
  }

  private static void requireEntry(TarArchiveInputStream tar, String name, String wanted)
      throws IOException, MoverException {
    TarArchiveEntry entry = tar.getNextEntry();
    if (entry == null || !entry.getName().equals(wanted)) {
      throw corrupt(
          name,
          "an archive by mover export, with " + wanted + " next",
          entry == null ? "its end" : entry.getName());
    }
  }

  private static CorruptData corrupt(String name, String expected, String found) {
    return new CorruptData(name, expected, found)
        .advising(
            "nothing was stored; an image of another program is backed up with: mover backup"
                + " --volume NAME -");
  }

  private static DeviceFailed unreadable(String name, IOException e) {
    return new DeviceFailed(
        name + " cannot be read: " + e.getMessage(), "is it a tar archive, and whole?", e);
  }

  @Override
  public void close() throws DeviceFailed {
    try {
      tar.close();
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }
}
