package io.blockmover.cli;

import io.blockmover.engine.MemoryProfile;
import java.util.Locale;
import picocli.CommandLine.Option;

/** How much memory a job may take. */
final class MemoryOption {

  /** The sizes on offer. */
  enum Size {
    SMALL,
    STANDARD;

    /** As help and completion show it; any case is taken. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--memory",
      paramLabel = "small|standard",
      defaultValue = "standard",
      description =
          "At most 256 or 512 MiB resident, whatever the volume's size. Default: standard.")
  private Size size = Size.STANDARD;

  /** As it is given on the command line. */
  String text() {
    return size.name().toLowerCase(Locale.ROOT);
  }

  MemoryProfile profile() {
    return switch (size) {
      case SMALL -> MemoryProfile.small();
      case STANDARD -> MemoryProfile.standard();
    };
  }
}
