package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.cli.output.Output;
import io.blockmover.engine.backup.Backup;
import io.blockmover.engine.backup.BackupReport;
import io.blockmover.engine.backup.BackupRequest;
import io.blockmover.engine.backup.JournalPolicy;
import io.blockmover.engine.rules.RuleDecision;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.kubernetes.exposure.BackupExposure;
import io.blockmover.kubernetes.exposure.PodRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mover backup}. */
@Command(
    name = "backup",
    header = "Back up a block device, an image file, an RBD snapshot or standard input.",
    description = {
      "Reads the volume, compares it with its last backup, and stores what is new. Holes and zeros"
          + " cost nothing. Every backup is complete on its own.",
      "%nIf it is interrupted, run it again: earlier backups are untouched, whenever that happens.",
      "%nThe volume's name decides which backups follow each other. It is the path unless --volume"
          + " says otherwise; use --volume for snapshots, whose paths change.",
      "%nOn a cluster whose driver tracks changed blocks, name the VolumeSnapshot that SOURCE was"
          + " restored from: only what holds data is read, and later only what changed."
    },
    footer = {
      "  mover backup /dev/vg0/data",
      "  mover backup --volume data --tag nightly /dev/vg0/data-snapshot",
      "  mover backup disk.img --limit-upload 20M",
      "  mover backup rbd:pool/image@monday --ceph-id mover",
      "  mover backup /dev/xvda --snapshot app/data-monday",
      "  mover backup --pvc app/data --image registry.example/mover:1",
      "  zcat disk.img.gz | mover backup --volume disk -"
    })
final class BackupCommand extends RepositorySubcommand {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SOURCE",
      description =
          "A block device, an image file, rbd:pool[/namespace]/image@snapshot, or - for standard"
              + " input.")
  private String source = "";

  @Option(
      names = "--volume",
      paramLabel = "NAME",
      description =
          "Name of the volume. Default: the absolute path of SOURCE; of rbd: the address without"
              + " @snapshot.")
  private @Nullable String volume;

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      split = ",",
      description = "A word to find the backup by; may be given several times.")
  private List<String> tags = new ArrayList<>();

  @Option(
      names = "--compression",
      paramLabel = "N",
      defaultValue = "" + BackupRequest.DEFAULT_COMPRESSION_LEVEL,
      description = "Level of zstd, from -7 (fast) to 19 (small). Default: ${DEFAULT-VALUE}.")
  private int compression;

  @Option(
      names = "--skip-bad-blocks",
      description =
          "Where the device cannot be read, store zeros, go on, list the places and exit with 3.")
  private boolean skipBadBlocks;

  @Option(
      names = "--allow-empty",
      description =
          "Back up a source without a single byte, too. Refused without: a failed command"
              + " before a pipe looks like that.")
  private boolean allowEmpty;

  @Option(
      names = "--limit-read",
      paramLabel = "RATE",
      converter = RateConverter.class,
      description = "Read at most so many bytes a second from the device.")
  private long limitRead;

  @Option(
      names = "--journal-every",
      paramLabel = "SIZE",
      converter = RateConverter.class,
      description =
          "After how much upload to write down what is durable: at most this much is sent again"
              + " after an interruption. Default: 256M. Every 10 s in any case.")
  private long journalBytes;

  @ArgGroup(exclusive = false, validate = false, heading = "%nOn Kubernetes:%n")
  private final SnapshotOptions snapshot = new SnapshotOptions();

  @ArgGroup(exclusive = false, validate = false, heading = "%nFrom outside the cluster:%n")
  private final PodOptions pod = new PodOptions();

  @Option(
      names = "--snapshot-class",
      paramLabel = "NAME",
      description = "With --pvc: class of the VolumeSnapshot. Default: the driver's default class.")
  private @Nullable String snapshotClass;

  @Option(
      names = "--trust-tracker",
      paramLabel = "NAME",
      split = ",",
      description =
          "Ask this tracker again although it was caught leaving out a change of the volume: after"
              + " whoever makes it, or the storage driver, has mended that.")
  private List<String> trusted = new ArrayList<>();

  @ArgGroup(exclusive = false, validate = false, heading = "%nFor rbd: volumes:%n")
  private final CephOptions ceph = new CephOptions();

  @Mixin private final TrackingOption tracking = new TrackingOption();

  @Mixin private final MemoryOption memory = new MemoryOption();

  @Override
  void check() throws Complaint {
    if (compression < -7 || compression > 19) {
      throw Complaint.usage("--compression " + compression + " is not from -7 to 19", "");
    }
    if (volume != null && volume.isBlank()) {
      throw Complaint.usage(
          "--volume names no volume",
          "give a name; in a script, is the variable set? Volumes of one name follow each other");
    }
    if (source.equals(Sources.STREAM) && volume == null) {
      throw Complaint.usage(
          "standard input has no name of its own", "name the volume with --volume NAME");
    }
    pod.check(repositoryOptions());
    if (source.isEmpty() == pod.claim().isEmpty()) {
      throw Complaint.usage(
          source.isEmpty() ? "no volume was named" : "SOURCE and --pvc are two volumes",
          "name a device, an image file, rbd:pool/image@snapshot or -, or a claim with --pvc");
    }
    tracking.check();
    if (pod.claim().isPresent() && snapshot.snapshot().isPresent()) {
      throw Complaint.usage("--pvc takes the snapshot itself", "leave --snapshot out");
    }
    for (String name : trusted) {
      TrackingOption.requireTracker("--trust-tracker", name);
    }
    snapshot.check();
    if (snapshot.snapshot().isPresent()
        && (source.equals(Sources.STREAM) || AddressedVolumes.provider(source).isPresent())) {
      throw Complaint.usage(
          "--snapshot tells from which VolumeSnapshot a device was restored, and SOURCE is none",
          "name the device");
    }
  }

  @Override
  boolean movesData() {
    return true;
  }

  @Override
  OptionalInt elsewhere(Output output) throws MoverException, Complaint {
    Optional<ObjectName> claim = pod.claim();
    if (claim.isEmpty()) {
      return OptionalInt.empty();
    }
    ClaimRules rules = ClaimRules.decide(tracking, surroundings(), claim.get());
    rules.why().forEach(output::note);
    BackupExposure.Request request =
        new BackupExposure.Request(
            claim.get(),
            Optional.ofNullable(snapshotClass),
            pod.storageClass(),
            rules.kept(),
            exposed -> pod.request(arguments(exposed, rules)));
    return OptionalInt.of(new PodWork(output, surroundings(), interruption()).backup(request));
  }

  /** The same command, as the pod runs it. */
  private List<String> arguments(BackupExposure.Exposed exposed, ClaimRules rules) {
    List<String> all = new ArrayList<>();
    Collections.addAll(all, "backup", PodRequest.DEVICE, "--json");
    Collections.addAll(all, "--snapshot", exposed.snapshot().toString());
    Collections.addAll(all, "--volume", volume == null ? exposed.volume() : volume);
    all.addAll(rules.arguments());
    tags.forEach(tag -> Collections.addAll(all, "--tag", tag));
    trusted.forEach(name -> Collections.addAll(all, "--trust-tracker", name));
    Collections.addAll(all, "--compression", String.valueOf(compression));
    if (skipBadBlocks) {
      all.add("--skip-bad-blocks");
    }
    if (limitRead > 0) {
      Collections.addAll(all, "--limit-read", limitRead + "B");
    }
    if (journalBytes > 0) {
      Collections.addAll(all, "--journal-every", journalBytes + "B");
    }
    Collections.addAll(all, "--memory", memory.text());
    return all;
  }

  @Override
  int run(Output output, OpenRepository open) throws Exception {
    try (Sources.Opened opened = Sources.open(source, limitRead, ceph, surroundings(), output)) {
      if (opened.source().sizeBytes() == 0 && !allowEmpty) {
        throw Complaint.failure(
            (source.equals(Sources.STREAM) ? "standard input" : source)
                + " is empty; no backup was made",
            "did the command that writes it fail? If it shall be backed up like this, use"
                + " --allow-empty");
      }
      BackupRequest request = request(opened, open, output);
      BackupReport report =
          new Jobs(output, interruption())
              .run(
                  "backup",
                  open.progress(),
                  "no backup was made, and all earlier ones are untouched",
                  (progress, cancellation) ->
                      new Backup(open.repository(), request, progress, cancellation, journal())
                          .run());
      if (counts()) {
        BackupMeters.count(report);
      }
      Reports.backup(output, report, open.usage());
      return report.badBlocks().isEmpty() ? ExitCode.DONE : ExitCode.PARTLY_DONE;
    }
  }

  private JournalPolicy journal() {
    return journalBytes == 0 ? JournalPolicy.STANDARD : JournalPolicy.every(journalBytes);
  }

  private BackupRequest request(Sources.Opened opened, OpenRepository open, Output output)
      throws MoverException, Complaint {
    long bytes = opened.source().sizeBytes();
    ClusterSnapshot what =
        snapshot.snapshot().isPresent()
            ? ClusterSnapshot.load(snapshot, volume, bytes, open, surroundings(), output)
            : ClusterSnapshot.none(opened.reference(), volume == null ? opened.volume() : volume);
    RuleDecision decision = tracking.decide(surroundings(), what.facts());
    return new BackupRequest(
        opened.source(),
        opened.kind(),
        what.volume(),
        what.reference(),
        TrackingOption.trackers(decision, what, surroundings()),
        tags(what.reference()),
        compression,
        skipBadBlocks,
        Host.name(),
        memory.profile(),
        decision.options().trusting(Set.copyOf(trusted)));
  }

  private List<String> tags(SnapshotReference reference) {
    List<String> all = new ArrayList<>(tags);
    if (!reference.handle().isEmpty() && snapshot.isGiven()) {
      all.add(SnapshotTag.of(reference));
    }
    return all;
  }
}
