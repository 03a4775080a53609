package io.blockmover.engine.backup;

import io.blockmover.api.source.BlockSource;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.engine.MemoryProfile;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to back up and how.
 *
 * @param source stays open and is the caller's to close
 * @param sourceKind for the manifest: {@code "file"}, {@code "device"}, {@code "stream"}
 * @param volume the name under which backups of this volume follow each other
 * @param reference what trackers are asked about
 * @param trackers in order of preference; the last one should apply to everything
 * @param compressionLevel of zstd
 * @param skipBadBlocks whether unreadable places become zeros that the manifest lists
 * @param host recorded in the manifest
 * @param tracking how far trackers are used and believed
 * @param moment of which the backup is, where that is not the time of this run: that of the
 *     original of a copy; null for now
 */
public record BackupRequest(
    BlockSource source,
    String sourceKind,
    String volume,
    SnapshotReference reference,
    List<ChangeTrackerProvider> trackers,
    List<String> tags,
    int compressionLevel,
    boolean skipBadBlocks,
    String host,
    MemoryProfile memory,
    TrackingOptions tracking,
    @Nullable Instant moment) {

  /** What the product uses where the user says nothing. */
  public static final int DEFAULT_COMPRESSION_LEVEL = 1;

  public BackupRequest {
    trackers = List.copyOf(trackers);
    tags = List.copyOf(tags);
  }

  /** Of now. */
  public BackupRequest(
      BlockSource source,
      String sourceKind,
      String volume,
      SnapshotReference reference,
      List<ChangeTrackerProvider> trackers,
      List<String> tags,
      int compressionLevel,
      boolean skipBadBlocks,
      String host,
      MemoryProfile memory,
      TrackingOptions tracking) {
    this(
        source,
        sourceKind,
        volume,
        reference,
        trackers,
        tags,
        compressionLevel,
        skipBadBlocks,
        host,
        memory,
        tracking,
        null);
  }

  /** Of now, with the usual options for trackers. */
  public BackupRequest(
      BlockSource source,
      String sourceKind,
      String volume,
      SnapshotReference reference,
      List<ChangeTrackerProvider> trackers,
      List<String> tags,
      int compressionLevel,
      boolean skipBadBlocks,
      String host,
      MemoryProfile memory) {
    this(
        source,
        sourceKind,
        volume,
        reference,
        trackers,
        tags,
        compressionLevel,
        skipBadBlocks,
        host,
        memory,
        TrackingOptions.STANDARD);
  }
}
