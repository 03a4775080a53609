package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.cli.output.Output;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.kubernetes.exposure.BackupExposure;
import io.blockmover.kubernetes.exposure.PodRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
      "  mover backup --snapshot app/data-monday --tracker ceph-rbd",
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

  @Mixin private final BackupOptions backup = new BackupOptions();

  @ArgGroup(exclusive = false, validate = false, heading = "%nFrom outside the cluster:%n")
  private final PodOptions pod = new PodOptions();

  @Option(
      names = "--snapshot-class",
      paramLabel = "NAME",
      description = "With --pvc: class of the VolumeSnapshot. Default: the driver's default class.")
  private @Nullable String snapshotClass;

  @ArgGroup(exclusive = false, validate = false, heading = "%nFor rbd: volumes:%n")
  private final CephOptions ceph = new CephOptions();

  @Override
  void check() throws Complaint {
    backup.check();
    if (source.equals(Sources.STREAM) && backup.volume().isEmpty()) {
      throw Complaint.usage(
          "standard input has no name of its own", "name the volume with --volume NAME");
    }
    pod.check(repositoryOptions());
    boolean snapshot = backup.snapshot().isGiven();
    if (!source.isEmpty() == pod.claim().isPresent() && !snapshot) {
      throw Complaint.usage(
          source.isEmpty() ? "no volume was named" : "SOURCE and --pvc are two volumes",
          "name a device, an image file, rbd:pool/image@snapshot or -, a VolumeSnapshot of Ceph"
              + " with --snapshot, or a claim with --pvc");
    }
    if (pod.claim().isEmpty() && pod.readsStorage()) {
      throw Complaint.usage(
          "--without-clone is for --pvc", "name the snapshot with --snapshot and leave SOURCE out");
    }
    if (pod.claim().isPresent() && snapshot) {
      throw Complaint.usage("--pvc takes the snapshot itself", "leave --snapshot out");
    }
    if (snapshot
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
    ClaimRules rules = ClaimRules.decide(backup.tracking(), surroundings(), claim.get());
    rules.why().forEach(output::note);
    BackupExposure.Request request =
        new BackupExposure.Request(
            claim.get(),
            Optional.ofNullable(snapshotClass),
            pod.storageClass(),
            rules.kept(),
            rules::needsBaseOf,
            !pod.readsStorage(),
            exposed -> pod.request(arguments(exposed, rules)));
    return OptionalInt.of(new PodWork(output, surroundings(), interruption()).backup(request));
  }

  /** The same command, as the pod runs it. */
  private List<String> arguments(BackupExposure.Exposed exposed, ClaimRules rules) {
    List<String> all = new ArrayList<>();
    all.add("backup");
    if (!pod.readsStorage()) {
      all.add(PodRequest.DEVICE);
    }
    all.add("--json");
    Collections.addAll(all, "--snapshot", exposed.snapshot().toString());
    Collections.addAll(all, "--volume", backup.volume().orElseGet(exposed::volume));
    all.addAll(rules.arguments());
    all.addAll(backup.arguments());
    return all;
  }

  @Override
  int run(Output output, OpenRepository open) throws Exception {
    return new BackupWork(output, surroundings(), interruption(), open, counts())
        .run(source, ceph, backup);
  }
}
