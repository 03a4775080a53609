package io.blockmover.cli;

import io.blockmover.cli.output.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mover restore}. */
@Command(
    name = "restore",
    header = "Write a backup to a block device, a file or standard output.",
    description = {
      "Fetches in parallel, writes out of order, leaves holes where the volume held zeros, and ends"
          + " with a flush to the device. Onto a volume that already holds most of it,"
          + " --differential reads what is there and writes only what differs.",
      "%nA target that is mounted, in use or too small is refused; one that holds something is"
          + " refused without --force.",
      "%nBACKUP is an id or its beginning, 'latest', or VOLUME@latest."
    },
    footer = {
      "  mover restore latest /dev/vg0/data --force",
      "  mover restore 3f2a disk.img --verify",
      "  mover restore db@latest /dev/vg0/db --differential --force",
      "  mover restore latest - | gzip > disk.img.gz"
    })
final class RestoreCommand extends RepositorySubcommand {

  @Parameters(index = "0", paramLabel = "BACKUP", description = "What to restore.")
  private String backup = "";

  @Parameters(
      index = "1",
      paramLabel = "TARGET",
      description = "A block device, a file (made if it is not there), or - for standard output.")
  private String target = "";

  @Option(names = "--force", description = "Overwrite a target that holds something.")
  private boolean force;

  @Option(
      names = "--differential",
      description = "Read what the target holds and write only what differs; needs --force.")
  private boolean differential;

  @Option(
      names = "--verify",
      description = "Read everything back from the device at the end and compare it.")
  private boolean verify;

  @Option(
      names = {"-n", "--dry-run"},
      description = "Only say what would be fetched and written.")
  private boolean dryRun;

  @Option(
      names = "--keep-going",
      description =
          "Where the repository is damaged, restore the rest, list what is lost and exit with 3.")
  private boolean keepGoing;

  @Mixin private final MemoryOption memory = new MemoryOption();

  @Override
  boolean resultsBesideData() {
    return target.equals(Sources.STREAM);
  }

  @Override
  boolean movesData() {
    return true;
  }

  @Override
  int run(Output output, OpenRepository open) throws Exception {
    return new RestoreWork(output, surroundings(), interruption(), open)
        .run(
            backup,
            target,
            new RestoreWork.Options(
                force, differential, verify, dryRun, keepGoing, memory.profile()));
  }
}
