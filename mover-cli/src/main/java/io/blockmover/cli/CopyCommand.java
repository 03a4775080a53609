package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.cli.output.Output;
import io.blockmover.cli.output.Sizes;
import io.blockmover.engine.backup.BackupReport;
import io.blockmover.engine.backup.BackupRequest;
import io.blockmover.engine.copy.BackupCopy;
import io.blockmover.engine.copy.CopyRequest;
import io.blockmover.repository.catalogue.FoundBackup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mover copy}. */
@Command(
    name = "copy",
    header = "Copy backups to another repository, on another site for example.",
    description = {
      "Copies what the other repository does not have yet, oldest first, and of each volume reads"
          + " only what differs from what was copied before. The other repository has keys,"
          + " passwords and retention of its own; make it with mover init.",
      "%nA copy keeps name, tags and time, and gets a tag that tells where it is from. If it is"
          + " interrupted, run it again.",
      "%nSettings of the other repository come from MOVER_TO_..., where those of the first come"
          + " from MOVER_...: MOVER_TO_S3_ENDPOINT, MOVER_TO_S3_PROFILE."
    },
    footer = {
      "  mover copy --to s3://second-site/repo",
      "  mover copy --volume db --latest 1 --to /mnt/disk/repo",
      "  mover copy 3f2a db@latest --to /mnt/disk/repo"
    })
final class CopyCommand extends RepositorySubcommand {

  @Parameters(
      arity = "0..*",
      paramLabel = "BACKUP",
      description = "What to copy. Default: all that the options below choose.")
  private List<String> names = new ArrayList<>();

  @Mixin private final SecondRepository second = new SecondRepository();

  @Mixin private final SelectionOptions selection = new SelectionOptions();

  @Option(
      names = {"-n", "--dry-run"},
      description = "Only say what would be copied.")
  private boolean dryRun;

  @Mixin private final MemoryOption memory = new MemoryOption();

  @Override
  boolean movesData() {
    return true;
  }

  @Override
  void check() throws Complaint {
    if (!names.isEmpty() && (selection.volume().isPresent() || !selection.tags().isEmpty())) {
      throw Complaint.usage(
          "backups by name and --volume or --tag are two choices", "leave one of them out");
    }
    if (selection.latest() < 1) {
      throw Complaint.usage("--latest " + selection.latest() + " copies nothing", "give 1 or more");
    }
    second.options(surroundings());
  }

  @Override
  int run(Output output, OpenRepository open) throws Exception {
    open.repository().keys().requireReading();
    Surroundings around = second.surroundings(surroundings());
    try (OpenRepository other =
        OpenRepository.open(second.options(surroundings()), around, output)) {
      requireTwo(open, other);
      List<FoundBackup> wanted = wanted(open);
      Set<String> there = origins(other);
      int copied = 0;
      for (FoundBackup backup : wanted) {
        if (there.add(BackupCopy.origin(backup.row().id(), backup.row().tags()))) {
          copy(output, open, other, backup);
          copied++;
        }
      }
      output.note(
          (dryRun ? "would copy " : "copied ")
              + Sizes.count(copied, "backup")
              + ", "
              + (wanted.size() - copied)
              + " were there already");
      return ExitCode.DONE;
    }
  }

  private static void requireTwo(OpenRepository open, OpenRepository other) throws Complaint {
    if (open.repository().format().repository().equals(other.repository().format().repository())) {
      throw Complaint.usage(
          "both are the same repository, " + open.repository().format().repository(),
          "name another with --to");
    }
  }

  /** Oldest first, so that each copy finds the one before it. */
  private List<FoundBackup> wanted(OpenRepository open) throws MoverException {
    if (names.isEmpty()) {
      return open.backups(selection.volume().orElse(null), selection.tags(), selection.latest());
    }
    List<FoundBackup> found = new ArrayList<>();
    for (String name : names) {
      found.add(open.find(name));
    }
    found.sort(Comparator.comparing(backup -> backup.row().created()));
    return found;
  }

  /** The backups that are there, as what they are or were copied from. */
  private static Set<String> origins(OpenRepository other) throws MoverException {
    Set<String> there = new HashSet<>();
    for (FoundBackup backup : other.backups(null, List.of(), Integer.MAX_VALUE)) {
      there.add(BackupCopy.origin(backup.row().id(), backup.row().tags()));
    }
    return there;
  }

  private void copy(Output output, OpenRepository open, OpenRepository other, FoundBackup backup)
      throws MoverException {
    String id = Reports.shortId(backup.row().id());
    if (dryRun) {
      output.line("would copy " + id + " of " + backup.volume());
      output.document(document(backup, null));
      return;
    }
    CopyRequest request =
        new CopyRequest(
            backup,
            fallbacks(backup),
            BackupRequest.DEFAULT_COMPRESSION_LEVEL,
            Host.name(),
            memory.profile());
    BackupReport report =
        new Jobs(output, interruption())
            .run(
                "copy " + id,
                other.progress(),
                "what was copied before is there, and this backup is not",
                (progress, cancellation) ->
                    new BackupCopy(
                            open.repository(), other.repository(), request, progress, cancellation)
                        .run());
    output.line(
        "copied %s of %s as %s: read %s, uploaded %s"
            .formatted(
                id,
                backup.volume(),
                Reports.shortId(report.backup()),
                Sizes.bytes(report.readBytes()),
                Sizes.bytes(report.uploadedBytes())));
    report.steps().forEach(step -> output.line("  " + step));
    output.document(document(backup, report));
  }

  private List<ChangeTrackerProvider> fallbacks(FoundBackup backup) {
    return TrackingOption.trackers(
        new SnapshotReference("copy", "", backup.volume(), backup.row().volumeBytes(), Map.of()),
        surroundings());
  }

  private static Map<String, Object> document(FoundBackup backup, @Nullable BackupReport report) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", "copy");
    document.put("from", backup.row().id());
    document.put("volume", backup.volume());
    if (report != null) {
      document.put("report", report);
    }
    return document;
  }
}
