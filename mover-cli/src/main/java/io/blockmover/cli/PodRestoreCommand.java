package io.blockmover.cli;

import io.blockmover.cli.output.Output;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mover pod restore}. */
@Command(
    name = "restore",
    header = "Write a backup to the pod's volume.",
    description = {"Whatever the volume holds is overwritten: it was made for this."},
    footer = {"  mover pod restore 3f2a77c03f2a77c03f2a77c03f2a77c0 --verify"})
final class PodRestoreCommand extends PodSubcommand {

  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

  @Parameters(index = "0", paramLabel = "BACKUP", description = "The whole id of the backup.")
  private String backup = "";

  @Option(
      names = "--differential",
      description = "Read what the volume holds and write only what differs.")
  private boolean differential;

  @Option(
      names = "--verify",
      description = "Read everything back from the device at the end and compare it.")
  private boolean verify;

  @Mixin private final MemoryOption memory = new MemoryOption();

  /** It comes from an object of the cluster: 'latest' would be whatever is there. */
  @Override
  void check() throws Complaint {
    if (!ID.matcher(backup).matches()) {
      throw Complaint.usage(
          "'" + backup + "' is no backup's id: 32 digits 0 to f", "name one that mover list shows");
    }
  }

  @Override
  int run(Output output, OpenRepository open) throws Exception {
    return new RestoreWork(output, surroundings(), interruption(), open)
        .run(
            backup,
            device(),
            new RestoreWork.Options(
                true, differential, verify, false, false, memory.profile(), false, Map.of()));
  }
}
