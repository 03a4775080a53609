package io.blockmover.cli;

import io.blockmover.api.Cancelled;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.api.source.TargetTerms;
import io.blockmover.api.source.VolumeProvider;
import io.blockmover.cli.output.Output;
import io.blockmover.cli.stream.CheckedOutput;
import io.blockmover.engine.MemoryProfile;
import io.blockmover.engine.device.Devices;
import io.blockmover.engine.device.StreamFormat;
import io.blockmover.engine.device.TargetOptions;
import io.blockmover.engine.restore.Restore;
import io.blockmover.engine.restore.RestoreReport;
import io.blockmover.engine.restore.RestoreRequest;
import io.blockmover.repository.catalogue.FoundBackup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Finds the backup, opens the target, restores, and tells of it. */
final class RestoreWork {

  private final Output output;
  private final Surroundings surroundings;
  private final Interruption interruption;
  private final OpenRepository open;

  RestoreWork(
      Output output, Surroundings surroundings, Interruption interruption, OpenRepository open) {
    this.output = output;
    this.surroundings = surroundings;
    this.interruption = interruption;
    this.open = open;
  }

  /**
   * What the user chose.
   *
   * @param create make the volume of an address if it is not there
   * @param addressOptions for whoever serves an address, by name
   */
  record Options(
      boolean force,
      boolean differential,
      boolean verify,
      boolean dryRun,
      boolean keepGoing,
      MemoryProfile memory,
      boolean create,
      Map<String, String> addressOptions) {

    Options {
      addressOptions = Map.copyOf(addressOptions);
    }

    /** Without any wish. */
    static Options plain(MemoryProfile memory) {
      return new Options(false, false, false, false, false, memory, false, Map.of());
    }
  }

  int run(String wanted, String targetName, Options options) throws MoverException, Complaint {
    FoundBackup backup = open.find(wanted);
    open.repository().keys().requireReading();
    try (BlockTarget target = target(targetName, backup.row().volumeBytes(), options)) {
      RestoreRequest request =
          new RestoreRequest(
              backup.row().id(),
              target,
              options.differential(),
              options.verify(),
              options.dryRun(),
              options.keepGoing(),
              options.memory());
      RestoreReport report = restore(request, targetName, options);
      Reports.restore(output, report, options.dryRun());
      tellOfUnreadable(backup);
      return report.lost().isEmpty() ? ExitCode.DONE : ExitCode.PARTLY_DONE;
    }
  }

  private RestoreReport restore(RestoreRequest request, String targetName, Options options)
      throws MoverException {
    try {
      return new Jobs(output, interruption)
          .run(
              "restore",
              open.progress(),
              "the target is incomplete; with --differential the next run keeps what is right",
              (progress, cancellation) ->
                  new Restore(open.repository(), request, progress, cancellation).run());
    } catch (Cancelled e) {
      throw e; // says so itself
    } catch (MoverException e) {
      if (!options.dryRun()) {
        output.warn(
            "what was written to "
                + targetName
                + " is incomplete: do not use it"
                + again(targetName));
      }
      if (e instanceof CorruptData damage && !options.keepGoing()) {
        throw damage.advising(
            "restore the rest with --keep-going; `mover verify --level data` lists every backup"
                + " that needs the object");
      }
      throw e;
    }
  }

  /** A file of full length would pass for a restored one, and is refused without --force. */
  private static String again(String targetName) {
    return targetName.equals(Sources.STREAM)
        ? ""
        : "; restoring onto it again takes --force, or --differential --force to keep what is right";
  }

  /** What the source did not yield is no failure of the restore, but not what the volume held. */
  private void tellOfUnreadable(FoundBackup backup) throws MoverException {
    int places = open.manifest(backup).badBlocks().size();
    if (places > 0) {
      output.warn(
          "the source could not be read in "
              + places
              + " places when this backup was made; zeros stand there (mover show "
              + backup.row().id()
              + " lists them)");
    }
  }

  private BlockTarget target(String name, long sizeBytes, Options options)
      throws MoverException, Complaint {
    if (name.equals(Sources.STREAM)) {
      return Devices.openStream(
          "standard output",
          new CheckedOutput(surroundings.out()),
          StreamFormat.RAW,
          sizeBytes,
          Sources.spoolDirectory());
    }
    Optional<VolumeProvider> provider = AddressedVolumes.provider(name);
    if (provider.isPresent()) {
      TargetTerms terms =
          new TargetTerms(
              sizeBytes,
              options.force() || options.dryRun(),
              options.create() && !options.dryRun(),
              options.dryRun());
      return AddressedVolumes.openTarget(provider.get(), name, terms, options.addressOptions());
    }
    Path path = Path.of(name);
    if (options.dryRun() && !Files.exists(path)) {
      throw Complaint.failure(
          name + " does not exist", "a dry run needs a target that is there: it makes none");
    }
    if (options.dryRun() && Files.isRegularFile(path)) {
      return new DryTarget(Devices.openSource(path), sizeBytes);
    }
    boolean force = options.force() || options.dryRun();
    return Devices.openTarget(path, sizeBytes, new TargetOptions(force, true));
  }
}
