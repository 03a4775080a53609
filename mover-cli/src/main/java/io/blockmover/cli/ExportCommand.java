package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.cli.exchange.ArchivedBackup;
import io.blockmover.cli.exchange.NewFile;
import io.blockmover.cli.exchange.Qcow2Image;
import io.blockmover.cli.exchange.TarArchive;
import io.blockmover.cli.output.Output;
import io.blockmover.cli.stream.CheckedOutput;
import io.blockmover.engine.device.Devices;
import io.blockmover.engine.device.StreamFormat;
import io.blockmover.engine.restore.Restore;
import io.blockmover.engine.restore.RestoreReport;
import io.blockmover.engine.restore.RestoreRequest;
import io.blockmover.repository.catalogue.FoundBackup;
import io.blockmover.repository.head.BackupRow;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mover export}. */
@Command(
    name = "export",
    header = "Write a backup to a file that other programs read.",
    description = {
      "tar: an archive with the volume as a sparse file and what is known of it; GNU tar unpacks"
          + " it, and mover import takes it into another repository. qcow2: an image for QEMU."
          + " raw: the bytes of the volume.",
      "%nWhat is not zero is collected first, beside FILE or for - in TMPDIR: so much room is"
          + " needed there. FILE appears when it is whole. Nothing is encrypted."
    },
    footer = {
      "  mover export latest db.tar",
      "  mover export db@latest db.qcow2",
      "  mover export 3f2a - | zstd > db.tar.zst"
    })
final class ExportCommand extends RepositorySubcommand {

  /** The forms on offer. */
  enum Format {
    TAR,
    QCOW2,
    RAW;

    /** As help and completion show it; any case is taken. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(
      index = "0",
      paramLabel = "BACKUP",
      description = "An id or its beginning, 'latest', or VOLUME@latest.")
  private String backup = "";

  @Parameters(index = "1", paramLabel = "FILE", description = "A file, or - for standard output.")
  private String file = "";

  @Option(
      names = "--format",
      paramLabel = "tar|qcow2|raw",
      description = "Default: what FILE's name ends with, else tar.")
  private @Nullable Format format;

  @Option(names = "--force", description = "Overwrite a file that exists.")
  private boolean force;

  @Mixin private final MemoryOption memory = new MemoryOption();

  @Override
  boolean resultsBesideData() {
    return toStream();
  }

  @Override
  boolean movesData() {
    return true;
  }

  private boolean toStream() {
    return file.equals(Sources.STREAM);
  }

  private Format format() {
    if (format != null) {
      return format;
    }
    String name = file.toLowerCase(Locale.ROOT);
    if (name.endsWith(".qcow2")) {
      return Format.QCOW2;
    }
    return name.endsWith(".raw") || name.endsWith(".img") ? Format.RAW : Format.TAR;
  }

  @Override
  int run(Output output, OpenRepository open) throws Exception {
    if (format() == Format.RAW) {
      RestoreWork.Options options =
          new RestoreWork.Options(
              force, false, false, false, false, memory.profile(), false, Map.of());
      return new RestoreWork(output, surroundings(), interruption(), open)
          .run(backup, file, options);
    }
    FoundBackup found = open.find(backup);
    open.repository().keys().requireReading();
    if (toStream()) {
      OutputStream out = new CheckedOutput(surroundings().out());
      return write(output, open, found, out, Sources.spoolDirectory());
    }
    Path path = Path.of(file).toAbsolutePath();
    try (NewFile whole = NewFile.begin(path, force)) {
      int code = write(output, open, found, whole.out(), Objects.requireNonNull(path.getParent()));
      whole.commit();
      return code;
    }
  }

  private int write(
      Output output, OpenRepository open, FoundBackup found, OutputStream out, Path spoolDirectory)
      throws MoverException {
    BackupRow row = found.row();
    String name = toStream() ? "standard output" : file;
    try (BlockTarget target =
        Devices.openStream(name, out, form(found), row.volumeBytes(), spoolDirectory)) {
      RestoreRequest request =
          new RestoreRequest(row.id(), target, false, false, false, false, memory.profile());
      RestoreReport report =
          new Jobs(output, interruption())
              .run(
                  "export",
                  open.progress(),
                  "nothing was exported",
                  (progress, cancellation) ->
                      new Restore(open.repository(), request, progress, cancellation).run());
      output.line(
          "exported " + Reports.shortId(row.id()) + " of " + found.volume() + " as " + format());
      Reports.restore(output, report, false);
      return ExitCode.DONE;
    }
  }

  private StreamFormat form(FoundBackup found) {
    if (format() == Format.QCOW2) {
      return new Qcow2Image();
    }
    BackupRow row = found.row();
    return new TarArchive(
        ArchivedBackup.of(found.volume(), row.volumeBytes(), row.id(), row.created(), row.tags()));
  }
}
