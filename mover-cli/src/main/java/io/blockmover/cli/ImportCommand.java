package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.cli.exchange.ArchiveReader;
import io.blockmover.cli.exchange.ArchivedBackup;
import io.blockmover.cli.output.Output;
import io.blockmover.engine.backup.Backup;
import io.blockmover.engine.backup.BackupReport;
import io.blockmover.engine.backup.BackupRequest;
import io.blockmover.engine.backup.JournalPolicy;
import io.blockmover.engine.device.Devices;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mover import}. */
@Command(
    name = "import",
    header = "Take an archive that export wrote into the repository, as a new backup.",
    description = {
      "The volume keeps its name unless --volume gives another; the new backup keeps the tags, and"
          + " gets one more that tells from which backup it is.",
      "%nThe archive is read and checked whole before anything is stored; so much room as its data"
          + " takes is needed in TMPDIR."
    },
    footer = {"  mover import db.tar", "  zstd -dc db.tar.zst | mover import - --volume db-copy"})
final class ImportCommand extends RepositorySubcommand {

  private static final int BUFFER_BYTES = 1 << 20;

  @Parameters(index = "0", paramLabel = "FILE", description = "A file, or - for standard input.")
  private String file = "";

  @Option(names = "--volume", paramLabel = "NAME", description = "Name of the volume from now on.")
  private @Nullable String volume;

  @Mixin private final MemoryOption memory = new MemoryOption();

  @Override
  boolean movesData() {
    return true;
  }

  @Override
  int run(Output output, OpenRepository open) throws Exception {
    String name = file.equals(Sources.STREAM) ? "standard input" : file;
    try (ArchiveReader archive = ArchiveReader.open(name, input());
        BlockSource source = Devices.copyOf(name, archive.content(), Sources.spoolDirectory())) {
      archive.requireWhole();
      BackupRequest request = request(archive.about(), source);
      BackupReport report =
          new Jobs(output, interruption())
              .run(
                  "import",
                  open.progress(),
                  "no backup was made, and all earlier ones are untouched",
                  (progress, cancellation) ->
                      new Backup(
                              open.repository(),
                              request,
                              progress,
                              cancellation,
                              JournalPolicy.STANDARD)
                          .run());
      Reports.backup(output, report, open.usage());
      return ExitCode.DONE;
    }
  }

  private InputStream input() throws Complaint {
    if (file.equals(Sources.STREAM)) {
      return new BufferedInputStream(surroundings().in(), BUFFER_BYTES);
    }
    try {
      return new BufferedInputStream(Files.newInputStream(Path.of(file)), BUFFER_BYTES);
    } catch (IOException e) {
      throw Complaint.failure(file + " cannot be read: " + e, "name a file that export wrote");
    }
  }

  private BackupRequest request(ArchivedBackup about, BlockSource source) throws MoverException {
    String name = volume == null ? about.volume() : volume;
    SnapshotReference reference =
        new SnapshotReference("archive", "", name, source.sizeBytes(), Map.of());
    Set<String> tags = new LinkedHashSet<>(about.tags());
    tags.add("imported-from=" + about.backup());
    return new BackupRequest(
        source,
        "archive",
        name,
        reference,
        TrackingOption.trackers(reference, surroundings()),
        List.copyOf(tags),
        BackupRequest.DEFAULT_COMPRESSION_LEVEL,
        false,
        Host.name(),
        memory.profile());
  }
}
