package io.blockmover.engine.backup;

import io.blockmover.api.Extent;
import java.time.Duration;
import java.util.List;

/**
 * What a backup did.
 *
 * @param parent the backup it was compared with, empty if none
 * @param tracker which tracker found the changes, and {@code reason} why this one
 * @param steps each step down the ladder, a sentence each; empty if the first choice worked
 * @param readBytes read from the source
 * @param changedBytes that differ from the parent, or are not zero where there is none
 * @param newChunkBytes of them that the repository did not have, before compression
 * @param uploadedBytes sent to the store, data and metadata
 * @param metadataBytes of them that are no data packs
 * @param resumedBytes that an interrupted run had made durable and were not sent again
 * @param badBlocks places that could not be read, in order
 */
public record BackupReport(
    String backup,
    String volume,
    String parent,
    String tracker,
    String reason,
    List<String> steps,
    long volumeBytes,
    long readBytes,
    long changedBytes,
    long newChunkBytes,
    long uploadedBytes,
    long metadataBytes,
    long resumedBytes,
    List<Extent> badBlocks,
    Duration duration) {

  public BackupReport {
    steps = List.copyOf(steps);
    badBlocks = List.copyOf(badBlocks);
  }
}
