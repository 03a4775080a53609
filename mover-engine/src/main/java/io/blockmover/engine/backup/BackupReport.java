package io.blockmover.engine.backup;

import io.blockmover.api.Extent;
import io.blockmover.repository.manifest.DistrustRecord;
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
 * @param sampledBytes read from the source only to test what the tracker left out; not in {@code
 *     readBytes}
 * @param healedBytes of cells stored whole again, because they lay in too many parts
 * @param storedAgainBytes of pieces without fingerprint that this mover could not compare with what
 *     is stored, for it may not read data
 * @param comparedBytes fetched from the store to compare with
 * @param distrusted trackers that were caught leaving out a change of this volume
 * @param warnings what else a person should know, a sentence each
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
    long sampledBytes,
    long healedBytes,
    long storedAgainBytes,
    long comparedBytes,
    List<DistrustRecord> distrusted,
    List<String> warnings,
    List<Extent> badBlocks,
    Duration duration) {

  public BackupReport {
    steps = List.copyOf(steps);
    distrusted = List.copyOf(distrusted);
    warnings = List.copyOf(warnings);
    badBlocks = List.copyOf(badBlocks);
  }
}
