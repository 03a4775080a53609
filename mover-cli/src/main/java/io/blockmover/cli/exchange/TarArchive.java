package io.blockmover.cli.exchange;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.engine.device.DataRuns;
import io.blockmover.engine.device.StreamFormat;
import io.blockmover.engine.device.VolumeCopy;
import io.blockmover.repository.document.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * A backup as a tar archive that GNU tar, bsdtar and {@link ArchiveReader} read: what is known of
 * it as JSON, the volume as a sparse file (GNU's format 1.0 in pax headers), and a digest of its
 * content.
 */
public final class TarArchive implements StreamFormat {

  private static final int RECORD_BYTES = 512;
  private static final int SMALLEST_UNIT = 64 << 10;

  /** Readers hold the map of a sparse file in memory; it shall not grow with the volume. */
  private static final long MOST_RUNS = 1 << 19;

  private final ArchivedBackup about;

  public TarArchive(ArchivedBackup about) {
    this.about = about;
  }

  @Override
  public void write(BlockSource volume, OutputStream out) throws MoverException, IOException {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
    small(tar, ArchivedBackup.ABOUT, new String(Json.write(about), StandardCharsets.UTF_8) + "\n");
    String digest = volume(tar, volume);
    small(tar, ArchivedBackup.DIGEST, digest + "\n");
    tar.finish(); // not closed: the stream is the caller's
  }

  private void small(TarArchiveOutputStream tar, String name, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    entry(tar, new TarArchiveEntry(name), bytes.length);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  private void entry(TarArchiveOutputStream tar, TarArchiveEntry entry, long bytes)
      throws IOException {
    entry.setSize(bytes);
    entry.setMode(0600);
    entry.setModTime(Date.from(about.created()));
    tar.putArchiveEntry(entry);
  }

  private String volume(TarArchiveOutputStream tar, BlockSource volume)
      throws MoverException, IOException {
    int unit = SMALLEST_UNIT;
    while (volume.sizeBytes() / unit > MOST_RUNS * 2) {
      unit *= 2;
    }
    SparseMap map = SparseMap.of(volume, unit);
    byte[] headers = sparseHeaders(volume.sizeBytes());
    entry(
        tar,
        new TarArchiveEntry(
            "PaxHeaders/" + ArchivedBackup.VOLUME, TarConstants.LF_PAX_EXTENDED_HEADER_LC),
        headers.length);
    tar.write(headers);
    tar.closeArchiveEntry();
    long mapBytes = (map.textBytes() + RECORD_BYTES - 1) / RECORD_BYTES * RECORD_BYTES;
    TarArchiveEntry entry = new TarArchiveEntry("GNUSparseFile.0/" + ArchivedBackup.VOLUME);
    entry(tar, entry, mapBytes + map.dataBytes());
    map.write(volume, tar);
    tar.write(new byte[(int) (mapBytes - map.textBytes())]);
    ContentDigest digest = new ContentDigest();
    try (ExtentCursor runs = DataRuns.of(volume, unit);
        VolumeCopy copy = new VolumeCopy(volume)) {
      OutputStream both = new Both(tar, digest);
      for (Extent run = runs.next(); run != null; run = runs.next()) {
        digest.skipTo(run.offset());
        copy.copy(run.offset(), run.end(), both);
      }
    }
    tar.closeArchiveEntry();
    return digest.hex();
  }

  private static byte[] sparseHeaders(long sizeBytes) {
    return (paxRecord("GNU.sparse.major", "1")
            + paxRecord("GNU.sparse.minor", "0")
            + paxRecord("GNU.sparse.name", ArchivedBackup.VOLUME)
            + paxRecord("GNU.sparse.realsize", Long.toString(sizeBytes)))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Begins with its own length, that of the length included. */
  private static String paxRecord(String name, String value) {
    String rest = " " + name + "=" + value + "\n";
    int length = rest.length() + 1;
    while (Integer.toString(length).length() + rest.length() != length) {
      length = Integer.toString(length).length() + rest.length();
    }
    return length + rest;
  }

  private static final class Both extends OutputStream {
    private final OutputStream first;
    private final OutputStream second;

    Both(OutputStream first, OutputStream second) {
      this.first = first;
      this.second = second;
    }

    @Override
    public void write(int value) throws IOException {
      first.write(value);
      second.write(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      first.write(bytes, offset, length);
      second.write(bytes, offset, length);
    }
  }
}
