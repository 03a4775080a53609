package io.blockmover.cli;

import io.blockmover.cli.output.Output;
import io.blockmover.cli.output.Table;
import io.blockmover.repository.key.KeySlotSummary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code mover keys list}. */
@Command(
    name = "list",
    header = "List the key slots: one for each password.",
    description = "The one that your password opened is marked with a star.",
    footer = {"  mover keys list", "  mover keys list --json"})
final class KeysListCommand extends RepositorySubcommand {

  @Override
  int run(Output output, OpenRepository open) throws Exception {
    List<KeySlotSummary> slots = open.repository().keyring().list();
    Table table = new Table("", "slot", "added", "may", "label");
    for (KeySlotSummary slot : slots) {
      table.row(
          slot.inUse() ? "*" : "",
          Reports.shortId(slot.id()),
          Times.shown(slot.created()),
          slot.writeOnly() ? "back up" : "back up and read",
          slot.encrypted() ? slot.label() : slot.label() + " (open to everybody)");
    }
    table.lines().forEach(output::line);
    output.document(
        Map.of("type", "keys", "slots", slots.stream().map(KeysListCommand::document).toList()));
    return ExitCode.DONE;
  }

  private static Map<String, Object> document(KeySlotSummary slot) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("id", slot.id());
    document.put("label", slot.label());
    document.put("created", slot.created().toString());
    document.put("encrypted", slot.encrypted());
    document.put("writeOnly", slot.writeOnly());
    document.put("inUse", slot.inUse());
    return document;
  }
}
