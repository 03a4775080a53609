package io.blockmover.velero.upload;

import io.blockmover.velero.location.Domain;
import io.blockmover.velero.pod.PodReport;
import io.blockmover.velero.transfer.TransferPhase;
import io.blockmover.velero.transfer.Transfers;
import io.blockmover.velero.transfer.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a pod's result means for the DataUpload. */
final class UploadReport {

  /** Whether the snapshot stays as the base of the next backup. */
  static final String KEEP = "keep";

  /** Whether bases of earlier backups are of no more use. */
  static final String SUPERSEDED = "superseded";

  /** Set beside a result that is not whole. */
  static final int PARTLY_DONE = 3;

  private UploadReport() {}

  /** A backup was made. */
  static Verdict completed(int exitCode, PodReport report, Domain domain, boolean keep) {
    long bytes = report.number("volumeBytes");
    Map<String, Object> status = new HashMap<>();
    status.put("snapshotID", "blockmover/1/" + domain.text() + "/" + report.backup().orElseThrow());
    status.put("progress", Transfers.progress(bytes, bytes));
    status.put("incrementalBytes", report.number("changedBytes"));
    status.put("nodeOS", "linux");
    return new Verdict(
        TransferPhase.COMPLETED,
        message(exitCode, report),
        status,
        Map.of(KEEP, String.valueOf(keep), SUPERSEDED, "true"));
  }

  private static String message(int exitCode, PodReport report) {
    List<String> sentences = new ArrayList<>();
    if (exitCode == PARTLY_DONE) {
      sentences.add(
          "places of the volume could not be read and are zeros in the backup: "
              + report.number("badBlocks")
              + " of them");
    }
    sentences.add(
        "%s: %d of %d bytes read, %d changed, %d uploaded"
            .formatted(
                report.text("tracker").orElse("backup"),
                report.number("readBytes"),
                report.number("volumeBytes"),
                report.number("changedBytes"),
                report.number("uploadedBytes")));
    sentences.addAll(report.steps());
    return String.join("; ", sentences);
  }

  /** None was made, as far as is known. */
  static Verdict failed(PodReport report, String pod) {
    boolean unknown = report.kind().equals("outcome_unknown");
    Verdict verdict =
        Verdict.failed(
            report.message().isEmpty()
                ? "pod " + pod + " failed without a reason"
                : report.message(),
            report.advice().isEmpty()
                ? "kubectl logs of a pod that is gone: see your log store"
                : report.advice());
    return new Verdict(
        verdict.end(),
        verdict.message(),
        verdict.status(),
        Map.of(KEEP, String.valueOf(unknown), SUPERSEDED, "false"));
  }
}
