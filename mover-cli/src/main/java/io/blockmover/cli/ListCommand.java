package io.blockmover.cli;

import io.blockmover.api.CorruptData;
import io.blockmover.cli.output.Output;
import io.blockmover.cli.output.Sizes;
import io.blockmover.cli.output.Table;
import io.blockmover.repository.catalogue.FoundBackup;
import io.blockmover.repository.head.BackupRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mover list}. */
@Command(
    name = "list",
    aliases = "snapshots",
    header = "List the backups.",
    description = {
      "All of them, oldest first, or those of one volume or with certain tags.",
      "%nUNREADABLE: the source could not be read everywhere, and zeros stand in the backup instead;"
          + " mover show lists the places.",
      "%nWhere the head of a volume is damaged, the others are listed, and the exit code is 3."
    },
    footer = {
      "  mover list",
      "  mover list --volume /dev/vg0/data",
      "  mover list --tag nightly --json"
    })
final class ListCommand extends RepositorySubcommand {

  @Mixin private final SelectionOptions selection = new SelectionOptions();

  @Override
  int run(Output output, OpenRepository open) throws Exception {
    List<CorruptData> damaged = new ArrayList<>();
    List<FoundBackup> found =
        open.backups(
            selection.volume().orElse(null), selection.tags(), selection.latest(), damaged::add);
    Table table = new Table("id", "time", ">size", ">stored", "tags", "volume", "");
    for (FoundBackup backup : found) {
      BackupRow row = backup.row();
      table.row(
          Reports.shortId(row.id()),
          Times.shown(row.created()),
          Sizes.bytes(row.volumeBytes()),
          Sizes.bytes(row.storedBytes()),
          String.join(",", row.tags()),
          backup.volume(),
          row.badBlocks() == 0 ? "" : "UNREADABLE in " + row.badBlocks() + " places");
    }
    distrusted(output, found);
    damaged.forEach(head -> output.warn("a volume is missing here: " + head.getMessage()));
    if (found.isEmpty()) {
      output.note("no backups");
    } else {
      table.lines().forEach(output::line);
    }
    output.document(
        Map.of("type", "list", "backups", found.stream().map(ListCommand::document).toList()));
    return damaged.isEmpty() ? ExitCode.DONE : ExitCode.PARTLY_DONE;
  }

  /** Of each volume what its newest backup says. */
  private static void distrusted(Output output, List<FoundBackup> found) {
    Map<String, BackupRow> newest = new LinkedHashMap<>();
    found.forEach(backup -> newest.put(backup.volume(), backup.row()));
    newest.forEach(
        (name, row) -> {
          if (!row.distrusted().isEmpty()) {
            output.note(
                "distrusted for "
                    + name
                    + ": "
                    + String.join(", ", row.distrusted())
                    + "; see mover show "
                    + Reports.shortId(row.id()));
          }
        });
  }

  static Map<String, Object> document(FoundBackup backup) {
    Map<String, Object> document = new LinkedHashMap<>();
    BackupRow row = backup.row();
    document.put("id", row.id());
    document.put("volume", backup.volume());
    document.put("created", row.created());
    document.put("volumeBytes", row.volumeBytes());
    document.put("storedBytes", row.storedBytes());
    document.put("parent", row.parent());
    document.put("tags", row.tags());
    document.put("badBlocks", row.badBlocks());
    document.put("distrusted", row.distrusted());
    return document;
  }
}
