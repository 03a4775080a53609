package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.cli.output.Output;
import io.blockmover.engine.backup.Backup;
import io.blockmover.engine.backup.BackupReport;
import io.blockmover.engine.backup.BackupRequest;
import io.blockmover.engine.rules.RuleDecision;
import java.util.ArrayList;
import java.util.List;

/** Opens the source, backs it up, and tells of it. */
final class BackupWork {

  private final Output output;
  private final Surroundings surroundings;
  private final Interruption interruption;
  private final OpenRepository open;
  private final boolean counts;

  /**
   * @param counts whether somebody wants the counters
   */
  BackupWork(
      Output output,
      Surroundings surroundings,
      Interruption interruption,
      OpenRepository open,
      boolean counts) {
    this.output = output;
    this.surroundings = surroundings;
    this.interruption = interruption;
    this.open = open;
    this.counts = counts;
  }

  int run(String source, CephOptions ceph, BackupOptions options) throws MoverException, Complaint {
    try (Sources.Opened opened = open(source, ceph, options)) {
      if (opened.source().sizeBytes() == 0 && !options.allowsEmpty()) {
        throw Complaint.failure(
            (source.equals(Sources.STREAM) ? "standard input" : source)
                + " is empty; no backup was made",
            "did the command that writes it fail? If it shall be backed up like this, use"
                + " --allow-empty");
      }
      boolean ciphertext = !source.equals(Sources.STREAM) && Ciphertext.is(opened.source());
      if (ciphertext) {
        output.warn(
            "the volume is encrypted with LUKS: header and ciphertext are stored as they are, which"
                + " compresses and deduplicates little; a restore needs the volume's own key");
      }
      BackupRequest request = request(opened, ciphertext, options);
      BackupReport report =
          new Jobs(output, interruption)
              .run(
                  "backup",
                  open.progress(),
                  "no backup was made, and all earlier ones are untouched",
                  (progress, cancellation) ->
                      new Backup(
                              open.repository(), request, progress, cancellation, options.journal())
                          .run());
      if (counts) {
        BackupMeters.count(report);
      }
      Reports.backup(output, report, open.usage());
      return report.badBlocks().isEmpty() ? ExitCode.DONE : ExitCode.PARTLY_DONE;
    }
  }

  /** Without a source, the snapshot is read where its storage keeps it. */
  private Sources.Opened open(String source, CephOptions ceph, BackupOptions options)
      throws MoverException, Complaint {
    return source.isEmpty()
        ? StorageReader.open(options.snapshot().snapshot().orElseThrow(), surroundings)
            .withReadLimit(options.limitRead())
        : Sources.open(source, options.limitRead(), ceph, surroundings, output);
  }

  private BackupRequest request(Sources.Opened opened, boolean ciphertext, BackupOptions options)
      throws MoverException, Complaint {
    ClusterSnapshot what = snapshot(opened, options);
    RuleDecision decision = options.tracking().decide(surroundings, what.facts());
    return new BackupRequest(
        opened.source(),
        opened.kind(),
        what.volume(),
        limited(what.reference(), decision),
        TrackingOption.trackers(decision, what, surroundings),
        tags(what.reference(), ciphertext, options),
        options.compression(),
        options.skipsBadBlocks(),
        Host.name(),
        options.memory().profile(),
        decision.options().trusting(options.trusted()));
  }

  private static SnapshotReference limited(SnapshotReference reference, RuleDecision decision) {
    return decision.deepestClone() == RuleDecision.ANY_DEPTH
        ? reference
        : reference.with(
            SnapshotReference.DEEPEST_CLONE, Integer.toString(decision.deepestClone()));
  }

  private ClusterSnapshot snapshot(Sources.Opened opened, BackupOptions options)
      throws MoverException, Complaint {
    return options.snapshot().isGiven()
        ? ClusterSnapshot.load(
            options.snapshot(),
            options.volume().orElse(null),
            opened.source().sizeBytes(),
            open,
            surroundings,
            output)
        : ClusterSnapshot.none(opened.reference(), options.volume().orElseGet(opened::volume));
  }

  private static List<String> tags(
      SnapshotReference reference, boolean ciphertext, BackupOptions options) {
    List<String> all = new ArrayList<>(options.tags());
    if (ciphertext) {
      all.add(Ciphertext.TAG);
    }
    if (!reference.handle().isEmpty() && options.snapshot().isGiven()) {
      all.add(SnapshotTag.of(reference));
    }
    return all;
  }
}
