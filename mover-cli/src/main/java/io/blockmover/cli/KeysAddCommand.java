package io.blockmover.cli;

import io.blockmover.cli.output.Output;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mover keys add}. */
@Command(
    name = "add",
    header = "Let a further password open the repository.",
    description = {
      "It opens all backups, older ones too; none is written anew.",
      "%nWith --write-only it makes backups and reads maps and fingerprints, but no data: for movers"
          + " in a cluster whose secrets may leak."
    },
    footer = {
      "  mover keys add --label cluster-b",
      "  mover keys add --write-only --new-password-file ./cluster.password --label cluster"
    })
final class KeysAddCommand extends RepositorySubcommand {

  @Option(
      names = "--new-password-file",
      paramLabel = "FILE",
      description = "File whose first line is the new password. Default: a question.")
  private @Nullable Path file;

  @Option(names = "--label", paramLabel = "TEXT", description = "What it is for, for the list.")
  private String label = "";

  @Option(
      names = "--write-only",
      description = "It makes backups and cannot read their data, nor restore.")
  private boolean writeOnly;

  @Override
  int run(Output output, OpenRepository open) throws Exception {
    if (!open.repository().format().encrypted()) {
      throw Complaint.failure(
          "the repository is not encrypted: everybody who can read the store can read it",
          "make an encrypted one with `mover init`");
    }
    String password = repositoryOptions().password(surroundings(), output).further(file);
    String slot = open.repository().keyring().add(password, writeOnly, label);
    output.line("added key slot " + slot);
    output.document(Map.of("type", "key added", "id", slot, "writeOnly", writeOnly));
    return ExitCode.DONE;
  }
}
