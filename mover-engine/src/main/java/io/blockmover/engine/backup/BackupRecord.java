package io.blockmover.engine.backup;

import io.blockmover.repository.Repository;
import io.blockmover.repository.commit.BackupSession;
import io.blockmover.repository.commit.ManifestDraft;
import io.blockmover.repository.fingerprint.PieceFingerprint;
import io.blockmover.repository.manifest.BadBlock;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.PackSize;
import io.blockmover.repository.manifest.SourceRecord;
import io.blockmover.repository.manifest.TrackerRecord;
import io.blockmover.repository.pack.PackReference;
import io.blockmover.repository.usage.UsageReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What is written down of a backup: for the repository its manifest, for the user a report. */
record BackupRecord(
    Repository repository,
    BackupRequest request,
    BackupSession session,
    BackupContent content,
    TrackerRecord tracker,
    Figures figures) {

  private static final String PROGRAM = "blockmover";

  /**
   * What was counted.
   *
   * @param readBytes from the source
   * @param newBytes of chunks that nobody had, before compression
   * @param sentPackBytes of data packs that this run put
   * @param resumedPackBytes of data packs that an earlier run of the session had put
   * @param resumedBytes of chunks that were therefore not sent again
   * @param tally what was done besides
   */
  record Figures(
      long readBytes,
      long newBytes,
      long sentPackBytes,
      long resumedPackBytes,
      long resumedBytes,
      PassTally tally) {

    long dataPackBytes() {
      return sentPackBytes + resumedPackBytes;
    }
  }

  /** What is to be committed; its base is the commit's to set. */
  ManifestDraft draft() {
    List<PackReference> usage = content.usage();
    return new ManifestDraft(
        manifest(usage),
        figures.dataPackBytes(),
        packs -> new UsageReader(repository.metadata(), usage).neededOf(packs.iterator()));
  }

  private Manifest manifest(List<PackReference> usage) {
    return new Manifest(
        Manifest.VERSION,
        List.of(),
        session.backupId(),
        session.volume(),
        session.id(),
        0,
        session.parent().map(parent -> parent.row().id()).orElse(null),
        request.source().sizeBytes(),
        session.terms().chunkBytes(),
        PieceFingerprint.PIECE_BYTES,
        request.moment() == null ? session.started() : request.moment(),
        repository.clock().instant(),
        request.host(),
        PROGRAM,
        content.map(),
        content.fingerprints(),
        usage.stream().map(PackSize::of).toList(),
        content.index().stream().map(pack -> pack.name().text()).toList(),
        tracker,
        new SourceRecord(
            request.sourceKind(),
            request.source().name(),
            request.source().immutableIdentity().orElse(null)),
        request.tags(),
        content.badBlocks().stream()
            .map(extent -> new BadBlock(extent.offset(), extent.length()))
            .toList(),
        statistics());
  }

  private Map<String, Long> statistics() {
    return Map.of(
        "readBytes", figures.readBytes(),
        "changedBytes", content.changedBytes(),
        "newChunkBytes", figures.newBytes(),
        "dataPackBytes", figures.dataPackBytes(),
        "sampledBytes", figures.tally().sampledBytes.sum(),
        "healedBytes", figures.tally().healedBytes.sum(),
        "storedAgainBytes", figures.tally().storedAgainBytes.sum(),
        "comparedBytes", figures.tally().fetchedBytes.sum());
  }

  BackupReport report(Duration duration) {
    long metadata = content.writtenBytes();
    return new BackupReport(
        session.backupId(),
        session.volume(),
        session.parent().map(parent -> parent.row().id()).orElse(""),
        tracker.name(),
        tracker.reason() == null ? "" : tracker.reason(),
        tracker.steps(),
        request.source().sizeBytes(),
        figures.readBytes(),
        content.changedBytes(),
        figures.newBytes(),
        figures.sentPackBytes() + metadata,
        metadata,
        figures.resumedBytes(),
        figures.tally().sampledBytes.sum(),
        figures.tally().healedBytes.sum(),
        figures.tally().storedAgainBytes.sum(),
        figures.tally().fetchedBytes.sum(),
        tracker.distrusted(),
        tracker.warnings(),
        content.badBlocks(),
        duration);
  }
}
