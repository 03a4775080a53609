package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.cli.output.Output;
import io.blockmover.repository.catalogue.FoundBackup;
import io.blockmover.repository.commit.Forget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mover forget}. */
@Command(
    name = "forget",
    header = "Forget backups.",
    description = {
      "They are gone at once and for good. Every other backup stays complete, older ones and newer"
          + " ones alike. What they alone needed stays in the store until it is collected."
    },
    footer = {"  mover forget 3f2a", "  mover forget --dry-run 3f2a 77c0 db@latest"})
final class ForgetCommand extends RepositorySubcommand {

  @Parameters(
      arity = "1..*",
      paramLabel = "BACKUP",
      description = "Ids or their beginnings, 'latest', or VOLUME@latest.")
  private List<String> wanted = new ArrayList<>();

  @Option(
      names = {"-n", "--dry-run"},
      description = "Only say what would be forgotten.")
  private boolean dryRun;

  @Override
  int run(Output output, OpenRepository open) throws Exception {
    // All are found before the first is forgotten: a mistyped one forgets nothing.
    Set<FoundBackup> found = new LinkedHashSet<>();
    for (String name : wanted) {
      found.add(open.find(name));
    }
    if (!dryRun) {
      forget(open, found);
    }
    for (FoundBackup backup : found) {
      output.line(
          (dryRun ? "would forget " : "forgot ")
              + backup.row().id()
              + " of "
              + backup.volume()
              + ", "
              + Times.shown(backup.row().created()));
    }
    List<String> ids = found.stream().map(backup -> backup.row().id()).toList();
    output.document(Map.of("type", "forget", "dryRun", dryRun, "forgotten", ids));
    return ExitCode.DONE;
  }

  private static void forget(OpenRepository open, Set<FoundBackup> found) throws MoverException {
    Map<String, Set<String>> byVolume = new LinkedHashMap<>();
    for (FoundBackup backup : found) {
      byVolume
          .computeIfAbsent(backup.volume(), volume -> new LinkedHashSet<>())
          .add(backup.row().id());
    }
    for (Map.Entry<String, Set<String>> volume : byVolume.entrySet()) {
      new Forget(open.repository()).forget(volume.getKey(), volume.getValue());
    }
  }
}
