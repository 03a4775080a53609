package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.cli.demo.DemoImage;
import io.blockmover.cli.location.RepositoryLocation;
import io.blockmover.cli.location.Stores;
import io.blockmover.cli.output.Output;
import io.blockmover.cli.output.Sizes;
import io.blockmover.cli.output.Table;
import io.blockmover.engine.MemoryProfile;
import io.blockmover.engine.backup.Backup;
import io.blockmover.engine.backup.BackupReport;
import io.blockmover.engine.backup.BackupRequest;
import io.blockmover.engine.device.Devices;
import io.blockmover.engine.device.TargetOptions;
import io.blockmover.engine.progress.Progress;
import io.blockmover.engine.restore.Restore;
import io.blockmover.engine.restore.RestoreReport;
import io.blockmover.engine.restore.RestoreRequest;
import io.blockmover.engine.verify.Verification;
import io.blockmover.engine.verify.VerifyReport;
import io.blockmover.engine.verify.VerifyRequest;
import io.blockmover.repository.Repository;
import io.blockmover.repository.RepositoryInit;
import io.blockmover.repository.store.RetryListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The steps of the demonstration. */
final class DemoRun {

  /** Of a repository that is deleted a moment later. */
  static final String PASSWORD = "demo";

  private static final String VOLUME = "demo";
  private static final double CHANGED_SHARE = 0.01;
  private static final int STEPS = 7;

  private static final List<String> NEXT =
      List.of(
          "",
          "The same with a device of your own:",
          "  export MOVER_REPO=/path/to/backups              # or s3://bucket/prefix",
          "  export MOVER_PASSWORD_FILE=~/.mover-password    # make it, and chmod 600",
          "  ./mover init",
          "  ./mover backup /dev/vg0/data                    # or disk.img",
          "  ./mover list",
          "  ./mover restore latest copy.img --verify");

  private final Output output;
  private final Interruption interruption;
  private final Path place;
  private final long size;
  private final MemoryProfile memory;
  private final List<String> ids = new ArrayList<>();
  private final List<Row> rows = new ArrayList<>();
  private int step;

  DemoRun(Output output, Interruption interruption, Path place, long size, MemoryProfile memory) {
    this.output = output;
    this.interruption = interruption;
    this.place = place;
    this.size = size;
    this.memory = memory;
  }

  /** One line of the table. */
  private record Row(
      String step,
      Duration time,
      long readBytes,
      long uploadedBytes,
      double ratio,
      String remark) {}

  void all() throws MoverException, Complaint, IOException {
    long start = System.nanoTime();
    say("making a disk image of " + Sizes.bytes(size));
    DemoImage image = DemoImage.create(place.resolve("disk.img"), size, 1);
    output.note("      it holds " + image.kind());
    Path repositoryPlace = place.resolve("repository");
    Stores.Opened opened =
        Stores.open(
            RepositoryLocation.parse(repositoryPlace.toString(), Map.of()),
            0,
            0,
            RetryListener.NONE);
    try {
      run(image, opened);
    } finally {
      opened.store().close();
    }
    tell(repositoryPlace, Duration.ofNanos(System.nanoTime() - start));
  }

  private void run(DemoImage image, Stores.Opened opened)
      throws MoverException, Complaint, IOException {
    say("mover init            a new, encrypted repository");
    Repository repository =
        new RepositoryInit(opened.store(), Clock.systemUTC(), new SecureRandom())
            .create(RepositoryInit.Options.withPassword(PASSWORD));
    say("mover backup          the first time, everything is new");
    backup("first backup", repository, image);
    say("mover backup          after about 1 % has changed");
    long changed = image.change(CHANGED_SHARE, 2);
    output.note("      " + Sizes.bytes(changed) + " were overwritten");
    String backup = backup("second backup", repository, image);
    say("mover verify          every byte of both backups");
    verify(repository, ids);
    say("mover restore         the second backup, to a new file");
    Path copy = place.resolve("restored.img");
    restore(repository, backup, copy);
    say("cmp                   original and copy, byte for byte");
    long different = Files.mismatch(image.file(), copy);
    if (different >= 0) {
      throw Complaint.failure(
          "the copy differs from the original at offset " + different,
          "this must not happen: please report it");
    }
    output.note("      they are the same");
  }

  private String backup(String name, Repository repository, DemoImage image) throws MoverException {
    try (BlockSource source = Devices.openSource(image.file())) {
      SnapshotReference live =
          new SnapshotReference("file", "", VOLUME, source.sizeBytes(), Map.of());
      BackupRequest request =
          new BackupRequest(
              source,
              "file",
              VOLUME,
              live,
              TrackingOption.trackers(live, Surroundings.ofProcess()),
              List.of("demo"),
              BackupRequest.DEFAULT_COMPRESSION_LEVEL,
              false,
              Host.name(),
              memory);
      BackupReport report =
          new Jobs(output, interruption)
              .run(
                  "backup",
                  new Progress(),
                  "the demo ends here",
                  (progress, cancellation) ->
                      new Backup(repository, request, progress, cancellation).run());
      ids.add(report.backup());
      double ratio =
          report.uploadedBytes() == 0 ? 0 : (double) report.changedBytes() / report.uploadedBytes();
      rows.add(
          new Row(
              name,
              report.duration(),
              report.readBytes(),
              report.uploadedBytes(),
              ratio,
              report.tracker() + (report.reason().isEmpty() ? "" : ": " + report.reason())));
      return report.backup();
    }
  }

  private void verify(Repository repository, List<String> backups)
      throws MoverException, Complaint {
    VerifyRequest request =
        new VerifyRequest(backups, VerifyRequest.Level.DATA, Optional.empty(), memory);
    VerifyReport report =
        new Jobs(output, interruption)
            .run(
                "verify",
                new Progress(),
                "the demo ends here",
                (progress, cancellation) ->
                    new Verification(repository, request, progress, cancellation).run());
    if (!report.findings().isEmpty()) {
      throw Complaint.failure(
          "the repository is damaged: " + report.findings().getFirst(),
          "this must not happen: please report it");
    }
    rows.add(
        new Row(
            "verify",
            report.duration(),
            report.readBytes(),
            0,
            0,
            report.chunks() + " chunks decrypted, all right"));
  }

  private void restore(Repository repository, String backup, Path copy) throws MoverException {
    try (BlockTarget target = Devices.openTarget(copy, size, new TargetOptions(false, true))) {
      RestoreRequest request =
          new RestoreRequest(backup, target, false, false, false, false, memory);
      RestoreReport report =
          new Jobs(output, interruption)
              .run(
                  "restore",
                  new Progress(),
                  "the demo ends here",
                  (progress, cancellation) ->
                      new Restore(repository, request, progress, cancellation).run());
      rows.add(
          new Row(
              "restore",
              report.duration(),
              report.fetchedBytes(),
              0,
              0,
              Sizes.bytes(report.writtenBytes()) + " written, the rest are holes"));
    }
  }

  private void say(String text) {
    step++;
    output.note("[" + step + "/" + STEPS + "] " + text);
  }

  private void tell(Path repository, Duration all) throws IOException {
    long stored = storedBytes(repository);
    Table table = new Table("step", ">time", ">read", ">uploaded", ">ratio", "remark");
    for (Row row : rows) {
      table.row(
          row.step(),
          Sizes.time(row.time()),
          Sizes.bytes(row.readBytes()),
          row.uploadedBytes() == 0 ? "" : Sizes.bytes(row.uploadedBytes()),
          row.ratio() == 0 ? "" : String.format(Locale.ROOT, "%.2f", row.ratio()),
          row.remark());
    }
    output.line("");
    table.lines().forEach(output::line);
    output.line("");
    output.line(
        "The repository took "
            + Sizes.bytes(stored)
            + " for two complete backups of "
            + Sizes.bytes(size)
            + "; all of it took "
            + Sizes.time(all)
            + ".");
    for (String line : NEXT) {
      output.line(line);
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", "demo");
    document.put("volumeBytes", size);
    document.put("storedBytes", stored);
    document.put("steps", rows);
    document.put("duration", all);
    output.document(document);
  }

  private static long storedBytes(Path repository) throws IOException {
    try (var files = Files.walk(repository)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
