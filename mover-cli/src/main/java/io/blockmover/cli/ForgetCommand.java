package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.cli.output.Output;
import io.blockmover.cli.output.Table;
import io.blockmover.repository.catalogue.FoundBackup;
import io.blockmover.repository.commit.Forget;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.head.HeadStore;
import io.blockmover.repository.retention.KeepDecision;
import io.blockmover.repository.retention.KeepPolicy;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mover forget}. */
@Command(
    name = "forget",
    header = "Forget backups.",
    description = {
      "Those that are named, or with --keep-... those that no rule keeps: rules add up, and each"
          + " volume is looked at alone. They are gone at once and for good. Every other backup"
          + " stays complete, older ones and newer ones alike. mover gc takes their space back.",
      "%nThe last backup of a volume is not forgotten unless you insist."
    },
    footer = {
      "  mover forget 3f2a",
      "  mover forget --dry-run 3f2a 77c0 db@latest",
      "  mover forget --keep-daily 7 --keep-weekly 5 --keep-monthly 12 && mover gc"
    })
final class ForgetCommand extends RepositorySubcommand {

  @Parameters(
      arity = "0..*",
      paramLabel = "BACKUP",
      description = "Ids or their beginnings, 'latest', or VOLUME@latest.")
  private List<String> wanted = new ArrayList<>();

  @Option(
      names = {"-n", "--dry-run"},
      description = "Only say what would be forgotten, and why the rest is kept.")
  private boolean dryRun;

  @Mixin private final KeepOptions keep = new KeepOptions();

  @Option(
      names = "--volume",
      paramLabel = "NAME",
      description = "With --keep-...: only backups of this volume.")
  private @Nullable String volume;

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      split = ",",
      description = "With --keep-...: only backups that have all of these tags.")
  private List<String> tags = new ArrayList<>();

  @Option(
      names = "--unsafe-allow-remove-all",
      description = "Forget even the last backup of a volume.")
  private boolean evenAll;

  @Override
  void check() throws Complaint {
    if (keep.given() == !wanted.isEmpty()) {
      throw Complaint.usage(
          wanted.isEmpty() ? "nothing says what to forget" : "backups are named and rules given",
          "name backups, or say which to keep (--keep-last 10, --keep-daily 7, ...)");
    }
    if (!keep.given() && (volume != null || !tags.isEmpty())) {
      throw Complaint.usage("--volume and --tag go with --keep-...", "leave them out");
    }
    if (keep.hasNamelessTag()) {
      throw Complaint.usage(
          "--keep-tag names no tag", "write --keep-tag NAME, or --keep-tag A,B for both");
    }
    if (keep.given() && keep.policy().isEmpty() && !evenAll) {
      throw Complaint.usage(
          "these rules keep nothing", "raise a number, or insist with --unsafe-allow-remove-all");
    }
    if (keep.given() && keep.policy().isEmpty() && volume == null && tags.isEmpty()) {
      throw Complaint.usage(
          "these rules keep nothing, of any volume", "say of which with --volume or --tag");
    }
  }

  @Override
  int run(Output output, OpenRepository open) throws Exception {
    if (keep.given()) {
      byRules(output, open);
    } else {
      byName(output, open);
    }
    return ExitCode.DONE;
  }

  private void byName(Output output, OpenRepository open) throws MoverException {
    // All are found before the first is forgotten: a mistyped one forgets nothing.
    Set<FoundBackup> found = new LinkedHashSet<>();
    for (String name : wanted) {
      found.add(open.find(name));
    }
    forget(open, found);
    for (FoundBackup backup : found) {
      output.line(
          (dryRun ? "would forget " : "forgot ")
              + backup.row().id()
              + " of "
              + backup.volume()
              + ", "
              + Times.shown(backup.row().created()));
    }
    output.document(
        Map.of("type", "forget", "dryRun", dryRun, "forgotten", ids(found), "kept", List.of()));
  }

  private void byRules(Output output, OpenRepository open) throws MoverException {
    KeepPolicy policy = keep.policy();
    Map<String, List<FoundBackup>> byVolume = new LinkedHashMap<>();
    for (FoundBackup backup : open.inOrder(volume, tags)) {
      byVolume.computeIfAbsent(backup.volume(), v -> new ArrayList<>()).add(backup);
    }
    Table table = new Table("", "id", "time", "kept by", "tags", "volume");
    List<Map<String, Object>> kept = new ArrayList<>();
    Set<FoundBackup> gone = new LinkedHashSet<>();
    for (List<FoundBackup> backups : byVolume.values()) {
      List<BackupRow> rows = backups.stream().map(FoundBackup::row).toList();
      List<KeepDecision> decisions = policy.decide(rows, ZoneId.systemDefault());
      for (int i = 0; i < backups.size(); i++) {
        FoundBackup backup = backups.get(i);
        KeepDecision decision = decisions.get(i);
        if (decision.isKept()) {
          Map<String, Object> document = new LinkedHashMap<>();
          document.put("id", backup.row().id());
          document.put("volume", backup.volume());
          document.put("reasons", decision.reasons());
          kept.add(document);
        } else {
          gone.add(backup);
        }
        table.row(
            decision.isKept() ? "keep" : "forget",
            Reports.shortId(backup.row().id()),
            Times.shown(backup.row().created()),
            String.join(", ", decision.reasons()),
            String.join(",", backup.row().tags()),
            backup.volume());
      }
    }
    if (byVolume.isEmpty()) {
      output.note("no backups");
    } else {
      table.lines().forEach(output::line);
    }
    forget(open, gone);
    output.line((dryRun ? "would forget " : "forgot ") + gone.size() + ", kept " + kept.size());
    output.document(
        Map.of("type", "forget", "dryRun", dryRun, "forgotten", ids(gone), "kept", kept));
  }

  private static List<String> ids(Set<FoundBackup> backups) {
    return backups.stream().map(backup -> backup.row().id()).toList();
  }

  private void forget(OpenRepository open, Set<FoundBackup> found) throws MoverException {
    Map<String, Set<String>> byVolume = new LinkedHashMap<>();
    for (FoundBackup backup : found) {
      byVolume
          .computeIfAbsent(backup.volume(), name -> new LinkedHashSet<>())
          .add(backup.row().id());
    }
    if (!evenAll) {
      requireOthersRemain(open, byVolume);
    }
    Forget forget = new Forget(open.repository());
    if (dryRun) {
      return;
    }
    for (Map.Entry<String, Set<String>> each : byVolume.entrySet()) {
      if (evenAll) {
        forget.forget(each.getKey(), each.getValue());
      } else {
        forget.forgetSome(each.getKey(), each.getValue());
      }
    }
  }

  /** Before the first is forgotten: a command does all or nothing, but for what others do. */
  private static void requireOthersRemain(OpenRepository open, Map<String, Set<String>> leaving)
      throws MoverException {
    HeadStore heads = new HeadStore(open.repository());
    for (Map.Entry<String, Set<String>> volume : leaving.entrySet()) {
      Set<String> remaining = new HashSet<>();
      heads.all(heads.load(volume.getKey()).head()).forEach(backup -> remaining.add(backup.id()));
      if (volume.getValue().containsAll(remaining)) {
        throw Forget.nothingRemains(volume.getKey());
      }
    }
  }
}
