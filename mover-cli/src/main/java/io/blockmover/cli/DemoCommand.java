package io.blockmover.cli;

import io.blockmover.cli.demo.DemoImage;
import io.blockmover.cli.output.Output;
import io.blockmover.cli.output.Sizes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mover demo}. */
@Command(
    name = "demo",
    header = "Show the whole life of a volume, on a disk image made for it.",
    description = {
      "Makes an image and a repository in a temporary directory, backs up, changes about 1 %%, backs"
          + " up again, verifies every byte, restores, compares byte for byte, and says what each"
          + " step took. Needs no preparation, changes nothing else, and cleans up."
    },
    footer = {"  mover demo", "  mover demo --size 4G --dir /mnt/fast", "  mover demo --keep"})
final class DemoCommand extends Subcommand {

  private static final long SMALLEST = 16 << 20;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      converter = RateConverter.class,
      defaultValue = "512M",
      description = "Size of the image; about half of it holds data. Default: ${DEFAULT-VALUE}.")
  private long size;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where to work. Default: the directory for temporary files.")
  private @Nullable Path directory;

  @Option(names = "--keep", description = "Leave image, copy and repository where they are.")
  private boolean keep;

  @Mixin private final MemoryOption memory = new MemoryOption();

  @Override
  int run(Output output) throws Exception {
    if (size < SMALLEST) {
      throw Complaint.usage("--size is too small to show anything", "at least 16M");
    }
    Path place = workspace();
    try {
      DemoRun run = new DemoRun(output, interruption(), place, size, memory.profile());
      run.all();
      return ExitCode.DONE;
    } finally {
      if (keep) {
        output.note("kept in " + place + "; the repository's password is " + DemoRun.PASSWORD);
      } else {
        DemoImage.deleteTree(place);
      }
    }
  }

  private Path workspace() throws Complaint {
    Path parent = directory == null ? Sources.spoolDirectory() : directory;
    try {
      Path place = Files.createTempDirectory(Files.createDirectories(parent), "mover-demo-");
      long free = Files.getFileStore(place).getUsableSpace();
      if (free < 3 * size) {
        Files.delete(place);
        throw Complaint.failure(
            parent + " has only " + Sizes.bytes(free) + " free",
            "choose another place with --dir, or a smaller image with --size");
      }
      return place;
    } catch (IOException e) {
      throw Complaint.failure(
          "cannot work in " + parent + ": " + e.getMessage(), "choose another place with --dir");
    }
  }
}
