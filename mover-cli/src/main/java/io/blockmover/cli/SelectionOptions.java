package io.blockmover.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which backups a command is about. */
final class SelectionOptions {

  @Option(names = "--volume", paramLabel = "NAME", description = "Only backups of this volume.")
  private @Nullable String volume;

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      split = ",",
      description = "Only backups that have all of these tags.")
  private List<String> tags = new ArrayList<>();

  @Option(names = "--latest", paramLabel = "N", description = "Only the last N of each volume.")
  private int latest = Integer.MAX_VALUE;

  Optional<String> volume() {
    return Optional.ofNullable(volume);
  }

  List<String> tags() {
    return List.copyOf(tags);
  }

  /** How many of each volume at most. */
  int latest() {
    return latest;
  }
}
