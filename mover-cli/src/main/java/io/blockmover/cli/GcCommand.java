package io.blockmover.cli;

import io.blockmover.cli.output.Output;
import io.blockmover.cli.output.Sizes;
import io.blockmover.cli.output.Table;
import io.blockmover.repository.gc.GcOptions;
import io.blockmover.repository.gc.GcReport;
import io.blockmover.repository.gc.RepackOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mover gc}. */
@Command(
    name = "gc",
    aliases = "prune",
    header = "Take back the space of forgotten backups.",
    description = {
      "Deletes what no backup needs any more. Backups, restores and other collections may run at"
          + " the same time; it may be stopped at any moment, and the next one goes on.",
      "%nPacks of which little is needed any more are written anew, the emptiest first, until no"
          + " more than a twentieth of all bytes is unused (--max-unused).",
      "%nWhat a backup that was interrupted has stored is kept for a day, so that it can be"
          + " continued (--keep-interrupted)."
    },
    footer = {
      "  mover gc --dry-run",
      "  mover gc --max-unused 20%",
      "  mover forget --keep-daily 14 && mover gc"
    })
final class GcCommand extends RepositorySubcommand {

  @Option(
      names = {"-n", "--dry-run"},
      description = "Only say how much would go, and from what.")
  private boolean dryRun;

  @Option(
      names = "--keep-interrupted",
      paramLabel = "TIME",
      converter = TimeSpanConverter.class,
      description =
          "How long an interrupted backup may still be continued, such as 90m, 12h, 3d. Default:"
              + " 1d.")
  private Duration keepInterrupted = GcOptions.DEFAULT.silentWriter();

  @Option(
      names = "--max-unused",
      paramLabel = "SHARE",
      converter = ShareConverter.class,
      description =
          "How much of all bytes may lie unused in packs that are needed in part, such as 0%%,"
              + " 20%%, or unlimited: then no pack is written anew. Default: 5%%.")
  private double maxUnused = RepackOptions.DEFAULT.maxUnused();

  @Option(
      names = "--max-repack-size",
      paramLabel = "SIZE",
      converter = RateConverter.class,
      description =
          "How many bytes of packs are written anew at most; the next run goes on. Default: 512G.")
  private long maxRepackBytes = RepackOptions.DEFAULT.maxBytes();

  @Override
  int run(Output output, OpenRepository open) throws Exception {
    GcOptions options =
        new GcOptions(
            dryRun,
            GcOptions.DEFAULT.silentReader(),
            keepInterrupted,
            new RepackOptions(maxUnused, RepackOptions.DEFAULT.minUnusedPercent(), maxRepackBytes));
    GcReport report = new GcWork(output, interruption(), open).run(options);
    show(output, report);
    output.document(document(report));
    return ExitCode.DONE;
  }

  private static void show(Output output, GcReport report) {
    Table table = new Table(">packs", ">size", "of", "volume");
    for (GcReport.Freed freed : report.freed()) {
      table.row(
          String.valueOf(freed.packs()),
          Sizes.bytes(freed.bytes()),
          words(freed.origin()),
          freed.volume());
    }
    if (!report.freed().isEmpty()) {
      table.lines().forEach(output::line);
    }
    if (report.sparedPacks() > 0) {
      output.line(
          report.sparedPacks()
              + " packs ("
              + Sizes.bytes(report.sparedBytes())
              + ") stay for backups at work or interrupted not long ago");
    }
    GcReport.Repacked repacked = report.repacked();
    if (repacked.packs() > 0) {
      output.line(
          (report.dryRun() ? "would write anew about " : "wrote anew ")
              + Sizes.bytes(repacked.copiedBytes())
              + " that were needed of "
              + Sizes.bytes(repacked.packBytes())
              + " in "
              + repacked.packs()
              + " packs");
    }
    output.line(
        (report.dryRun() ? "would free " : "freed ")
            + Sizes.bytes(report.freedBytes())
            + " of "
            + Sizes.bytes(report.packBytes())
            + " in "
            + report.packs()
            + " packs");
  }

  private static String words(GcReport.Origin origin) {
    return switch (origin) {
      case FORGOTTEN -> "forgotten backups";
      case INTERRUPTED -> "interrupted backups";
      case UNUSED -> "nobody any more";
      case REPACKED -> "packs that were written anew";
    };
  }

  private static Map<String, Object> document(GcReport report) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", "gc");
    document.put("dryRun", report.dryRun());
    document.put("packs", report.packs());
    document.put("packBytes", report.packBytes());
    document.put("freedPacks", report.freedPacks());
    document.put("freedBytes", report.freedBytes());
    document.put(
        "freed",
        report.freed().stream()
            .map(
                freed ->
                    Map.of(
                        "origin", freed.origin().name().toLowerCase(Locale.ROOT),
                        "volume", freed.volume(),
                        "packs", freed.packs(),
                        "bytes", freed.bytes()))
            .toList());
    document.put("sparedPacks", report.sparedPacks());
    document.put("sparedBytes", report.sparedBytes());
    document.put("epochs", report.epochs());
    document.put("manifests", report.manifests());
    document.put("sessions", report.sessions());
    document.put("repackedPacks", report.repacked().packs());
    document.put("repackedPackBytes", report.repacked().packBytes());
    document.put("repackedCopiedBytes", report.repacked().copiedBytes());
    document.put("repackedBackups", report.repacked().backups());
    document.put("indexSegments", report.segments());
    return document;
  }
}
