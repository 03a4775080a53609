package io.blockmover.cli;

import io.blockmover.cli.output.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mover dump}: restore to standard output. */
@Command(
    name = "dump",
    header = "Write a backup to standard output.",
    description = "The same as: mover restore BACKUP -",
    footer = "  mover dump latest | qemu-img convert -O qcow2 /dev/stdin disk.qcow2")
final class DumpCommand extends RepositorySubcommand {

  @Parameters(
      index = "0",
      paramLabel = "BACKUP",
      description = "An id or its beginning, 'latest', or VOLUME@latest.")
  private String backup = "";

  @Mixin private final MemoryOption memory = new MemoryOption();

  @Override
  boolean resultsBesideData() {
    return true;
  }

  @Override
  int run(Output output, OpenRepository open) throws Exception {
    return new RestoreWork(output, surroundings(), interruption(), open)
        .run(backup, Sources.STREAM, RestoreWork.Options.plain(memory.profile()));
  }
}
