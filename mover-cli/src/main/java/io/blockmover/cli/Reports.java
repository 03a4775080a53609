package io.blockmover.cli;

import io.blockmover.api.Extent;
import io.blockmover.cli.output.Output;
import io.blockmover.cli.output.Sizes;
import io.blockmover.engine.backup.BackupReport;
import io.blockmover.engine.restore.LostExtent;
import io.blockmover.engine.restore.RestoreReport;
import io.blockmover.engine.verify.VerifyReport;
import io.blockmover.repository.manifest.DistrustRecord;
import io.blockmover.repository.store.StoreUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tells what a job did, to a person and to a script. */
final class Reports {

  private static final int LISTED_EXTENTS = 10;
  private static final double NANOS_PER_SECOND = 1e9;

  private Reports() {}

  static void backup(Output output, BackupReport report, StoreUsage usage) {
    output.line(
        "backup "
            + shortId(report.backup())
            + " of "
            + report.volume()
            + ", "
            + comparedWith(report));
    output.line(
        "  read       "
            + amount(report.readBytes(), report.duration())
            + " of a volume of "
            + Sizes.bytes(report.volumeBytes()));
    output.line("  changed    " + Sizes.bytes(report.changedBytes()));
    output.line(
        "  new        "
            + Sizes.bytes(report.newChunkBytes())
            + ", uploaded "
            + Sizes.bytes(report.uploadedBytes())
            + ratio(report.newChunkBytes(), report.uploadedBytes()));
    if (report.resumedBytes() > 0) {
      output.line(
          "  resumed    "
              + Sizes.bytes(report.resumedBytes())
              + " that an interrupted run had stored");
    }
    output.line("  tracker    " + report.tracker() + reason(report.reason()));
    report.steps().forEach(step -> output.line("             " + step));
    if (report.sampledBytes() > 0) {
      output.line(
          "  sampled    "
              + Sizes.bytes(report.sampledBytes())
              + " of what the tracker left out"
              + (report.distrusted().isEmpty() ? ", and it told the truth" : ""));
    }
    trust(output, report.distrusted());
    if (report.healedBytes() + report.storedAgainBytes() > 0) {
      output.line(
          "  again      "
              + Sizes.bytes(report.healedBytes())
              + " that lay in too many parts, "
              + Sizes.bytes(report.storedAgainBytes())
              + " that could not be compared");
    }
    report.warnings().forEach(warning -> output.line("  WARNING    " + warning));
    if (!report.badBlocks().isEmpty()) {
      output.line("  UNREADABLE " + extents(report.badBlocks()) + "; zeros stand in their place");
    }
    output.line("  id         " + report.backup());
    document(output, "backup", report, Map.of("requests", usage.totalRequests()));
  }

  /** Names trackers that are not asked, and how to ask them again. */
  static void trust(Output output, List<DistrustRecord> distrusted) {
    for (DistrustRecord distrust : distrusted) {
      output.line(
          "  DISTRUSTED "
              + distrust.tracker()
              + " since backup "
              + shortId(distrust.backup())
              + ": "
              + distrust.reason()
              + "; when that is mended, back up with --trust-tracker "
              + distrust.tracker());
    }
  }

  static void restore(Output output, RestoreReport report, boolean dryRun) {
    output.line(
        (dryRun ? "would restore " : "restored ")
            + shortId(report.backup())
            + " of "
            + report.volume()
            + " in "
            + Sizes.time(report.duration()));
    output.line(
        (dryRun ? "  to fetch   " : "  fetched    ")
            + (dryRun
                ? Sizes.bytes(report.fetchedBytes())
                : amount(report.fetchedBytes(), report.duration()))
            + " from "
            + Sizes.count(report.packs(), "pack"));
    output.line(
        (dryRun ? "  to write   " : "  written    ")
            + Sizes.bytes(report.writtenBytes())
            + (dryRun ? ", to zero " : ", zeroed ")
            + Sizes.bytes(report.zeroedBytes())
            + (report.unchangedBytes() > 0
                ? ", already there " + Sizes.bytes(report.unchangedBytes())
                : ""));
    lostByObject(report.lost()).forEach(output::line);
    output.line("  " + report.proved());
    document(output, "restore", report, Map.of("dryRun", dryRun));
  }

  static void verify(Output output, VerifyReport report) {
    for (VerifyReport.Finding finding : report.findings()) {
      output.line("DAMAGED " + about(finding.object(), finding.problem()));
      output.line(
          finding.backup().isEmpty()
              ? "        the backups of its volume cannot be found"
              : "        lost of backup "
                  + shortId(finding.backup())
                  + ": "
                  + extents(finding.lost()));
    }
    for (String backup : report.forgotten()) {
      output.line("skipped " + shortId(backup) + ": it was forgotten meanwhile");
    }
    output.line(
        String.format(
            Locale.ROOT,
            "%s: %s, %s, %s, %s read in %s",
            report.findings().isEmpty()
                ? "all is well"
                : Sizes.count(report.findings().size(), "problem"),
            Sizes.count(report.backups(), "backup"),
            Sizes.count(report.objects(), "object"),
            Sizes.count(report.chunks(), "chunk"),
            Sizes.bytes(report.readBytes()),
            Sizes.time(report.duration())));
    document(output, "verify", report, Map.of("ok", report.findings().isEmpty()));
  }

  /** One line for each object: a pack that is lost takes hundreds of chunks with it. */
  private static List<String> lostByObject(List<LostExtent> lost) {
    Map<String, List<Extent>> extents = new LinkedHashMap<>();
    Map<String, String> problems = new LinkedHashMap<>();
    for (LostExtent one : lost) {
      extents.computeIfAbsent(one.object(), object -> new ArrayList<>()).add(one.extent());
      problems.putIfAbsent(one.object(), one.problem());
    }
    List<String> lines = new ArrayList<>();
    extents.forEach(
        (object, all) ->
            lines.add(
                "  LOST "
                    + extents(joined(all))
                    + " in "
                    + about(object, problems.getOrDefault(object, ""))));
    return lines;
  }

  private static List<Extent> joined(List<Extent> extents) {
    List<Extent> joined = new ArrayList<>();
    extents.stream()
        .sorted(Comparator.comparingLong(Extent::offset))
        .forEach(
            extent -> {
              if (!joined.isEmpty() && joined.getLast().end() == extent.offset()) {
                joined.add(Extent.between(joined.removeLast().offset(), extent.end()));
              } else {
                joined.add(extent);
              }
            });
    return joined;
  }

  /** Most problems begin with the object's name; it need not stand there twice. */
  private static String about(String object, String problem) {
    return problem.startsWith(object + " ") ? problem : object + ": " + problem;
  }

  /** The first digits of an id, enough for people. */
  static String shortId(String id) {
    return id.length() <= 8 ? id : id.substring(0, 8);
  }

  static String extents(List<Extent> extents) {
    if (extents.isEmpty()) {
      return "nothing";
    }
    StringBuilder text = new StringBuilder();
    for (Extent extent : extents.subList(0, Math.min(LISTED_EXTENTS, extents.size()))) {
      text.append(text.isEmpty() ? "" : ", ").append(extent);
    }
    int more = extents.size() - LISTED_EXTENTS;
    return more > 0 ? text + " and " + more + " more" : text.toString();
  }

  private static void document(
      Output output, String type, Record report, Map<String, Object> more) {
    if (output.json()) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("type", type);
      document.putAll(more);
      document.put("report", report);
      output.document(document);
    }
  }

  private static String comparedWith(BackupReport report) {
    String time = Sizes.time(report.duration());
    return report.parent().isEmpty()
        ? "full, in " + time
        : "compared with " + shortId(report.parent()) + ", in " + time;
  }

  private static String amount(long bytes, Duration duration) {
    double seconds = duration.toNanos() / NANOS_PER_SECOND;
    return Sizes.bytes(bytes) + (seconds > 0 ? " at " + Sizes.rate(bytes / seconds) : "");
  }

  private static String ratio(long plain, long stored) {
    return stored == 0 || plain < stored
        ? ""
        : String.format(Locale.ROOT, " (ratio %.2f)", (double) plain / stored);
  }

  private static String reason(String reason) {
    return reason.isEmpty() ? "" : ": " + reason;
  }
}
