package io.blockmover.cli;

import io.blockmover.cli.output.Output;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code mover keys remove}. */
@Command(
    name = "remove",
    header = "Take a password away.",
    description =
        "Never the one in use: so that there is always one left that opens the repository. Whoever"
            + " has seen it and a copy of the store can still read that copy.",
    footer = {"  mover keys list", "  mover keys remove 3f2a"})
final class KeysRemoveCommand extends RepositorySubcommand {

  @Parameters(paramLabel = "SLOT", description = "The id of its slot, or the beginning.")
  private String slot = "";

  @Override
  int run(Output output, OpenRepository open) throws Exception {
    String removed = open.repository().keyring().remove(slot);
    output.line("removed key slot " + removed);
    output.document(Map.of("type", "key removed", "id", removed));
    return ExitCode.DONE;
  }
}
