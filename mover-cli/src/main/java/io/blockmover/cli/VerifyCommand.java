package io.blockmover.cli;

import io.blockmover.api.CorruptData;
import io.blockmover.api.source.BlockSource;
import io.blockmover.cli.output.Output;
import io.blockmover.engine.verify.Verification;
import io.blockmover.engine.verify.VerifyReport;
import io.blockmover.engine.verify.VerifyRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mover verify}. */
@Command(
    name = "verify",
    aliases = "check",
    header = "Check that backups can be restored.",
    description = {
      "Levels, each with all before it:",
      "  existence  every object is there and has its size (quick, no download)",
      "  tables     maps and tables are authentic and agree",
      "  data       every chunk is read, decrypted and its id recomputed",
      "  device     and the volume given with --device holds the same bytes",
      "%nExit code 1 if anything is wrong; each problem names the object and what is lost."
    },
    footer = {
      "  mover verify",
      "  mover verify --level data latest",
      "  mover verify --level device --device /dev/vg0/data-snapshot db@latest"
    })
final class VerifyCommand extends RepositorySubcommand {

  @Parameters(
      arity = "0..*",
      paramLabel = "BACKUP",
      description = "Ids or their beginnings, 'latest', VOLUME@latest. Default: all backups.")
  private List<String> backups = new ArrayList<>();

  @Option(
      names = "--level",
      paramLabel = "LEVEL",
      completionCandidates = Levels.class,
      description = "existence, tables, data or device. Default: tables.")
  private VerifyRequest.Level level = VerifyRequest.Level.TABLES;

  @Option(names = "--read-data", description = "The same as --level data.")
  private boolean readData;

  private final List<VerifyReport.Finding> damagedHeads = new ArrayList<>();

  @Option(
      names = "--device",
      paramLabel = "SOURCE",
      description = "The volume to compare with, for --level device.")
  private @Nullable String device;

  @ArgGroup(exclusive = false, validate = false, heading = "%nFor rbd: volumes:%n")
  private final CephOptions ceph = new CephOptions();

  @Mixin private final MemoryOption memory = new MemoryOption();

  /** As completion shows them; any case is taken. */
  private static final class Levels implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(VerifyRequest.Level.values())
          .map(each -> each.name().toLowerCase(Locale.ROOT))
          .iterator();
    }
  }

  @Override
  void check() throws Complaint {
    if (readData && level.compareTo(VerifyRequest.Level.DATA) < 0) {
      level = VerifyRequest.Level.DATA;
    }
    boolean compares = level == VerifyRequest.Level.DEVICE;
    if (compares != (device != null)) {
      throw Complaint.usage("--level device and --device belong together", "give both or none");
    }
    if (compares && backups.size() != 1) {
      throw Complaint.usage("a device is compared with one backup", "name that backup");
    }
  }

  @Override
  boolean movesData() {
    return true;
  }

  @Override
  int run(Output output, OpenRepository open) throws Exception {
    List<String> ids = new ArrayList<>();
    for (String wanted : backups) {
      ids.add(open.find(wanted).row().id());
    }
    if (backups.isEmpty()) {
      open.backups(null, List.of(), Integer.MAX_VALUE, this::addDamagedHead)
          .forEach(backup -> ids.add(backup.row().id()));
    }
    String compared = device;
    if (compared == null) {
      return verify(output, open, ids, Optional.empty());
    }
    try (Sources.Opened opened = Sources.open(compared, 0, ceph, surroundings(), output)) {
      return verify(output, open, ids, Optional.of(opened.source()));
    }
  }

  private int verify(
      Output output, OpenRepository open, List<String> ids, Optional<BlockSource> source)
      throws Exception {
    VerifyRequest request = new VerifyRequest(ids, level, source, memory.profile());
    VerifyReport report =
        new Jobs(output, interruption())
            .run(
                "verify",
                open.progress(),
                "nothing was changed",
                (progress, cancellation) ->
                    new Verification(open.repository(), request, progress, cancellation).run());
    report = report.with(damagedHeads);
    Reports.verify(output, report);
    // Who names a backup wants that one; of all backups, one may be forgotten at any time.
    boolean skipped = !backups.isEmpty() && !report.forgotten().isEmpty();
    return report.findings().isEmpty() && !skipped ? ExitCode.DONE : ExitCode.FAILED;
  }

  private void addDamagedHead(CorruptData damage) {
    String problem = String.valueOf(damage.getMessage());
    damagedHeads.add(new VerifyReport.Finding(damage.key(), problem, "", List.of()));
  }
}
