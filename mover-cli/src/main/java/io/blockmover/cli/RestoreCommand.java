package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.cli.output.Output;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.kubernetes.exposure.PodRequest;
import io.blockmover.kubernetes.exposure.RestoreExposure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mover restore}. */
@Command(
    name = "restore",
    header = "Write a backup to a block device, a file, an RBD image or standard output.",
    description = {
      "Fetches in parallel, writes out of order, leaves holes where the volume held zeros, and ends"
          + " with a flush to the device. Onto a volume that already holds most of it,"
          + " --differential reads what is there and writes only what differs.",
      "%nA target that is mounted or in use, or a device that is too small, is refused; one that"
          + " holds something is refused without --force. A file gets the size of the volume.",
      "%nBACKUP is an id or its beginning, 'latest', or VOLUME@latest."
    },
    footer = {
      "  mover restore latest /dev/vg0/data --force",
      "  mover restore 3f2a disk.img --verify",
      "  mover restore db@latest /dev/vg0/db --differential --force",
      "  mover restore latest rbd:pool/restored --create",
      "  mover restore latest --pvc app/restored --size 10G --image registry.example/mover:1",
      "  mover restore latest - | gzip > disk.img.gz"
    })
final class RestoreCommand extends RepositorySubcommand {

  @Parameters(index = "0", paramLabel = "BACKUP", description = "What to restore.")
  private String backup = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TARGET",
      description =
          "A block device, a file (made if it is not there), rbd:pool[/namespace]/image, or - for"
              + " standard output.")
  private String target = "";

  @Option(names = "--force", description = "Overwrite a target that holds something.")
  private boolean force;

  @Option(
      names = "--differential",
      description = "Read what the target holds and write only what differs; needs --force.")
  private boolean differential;

  @Option(
      names = "--verify",
      description = "Read everything back from the device at the end and compare it.")
  private boolean verify;

  @Option(
      names = {"-n", "--dry-run"},
      description = "Only say what would be fetched and written.")
  private boolean dryRun;

  @Option(
      names = "--keep-going",
      description =
          "Where the repository is damaged, restore the rest, list what is lost and exit with 3.")
  private boolean keepGoing;

  @ArgGroup(exclusive = false, validate = false, heading = "%nFrom outside a cluster:%n")
  private final PodOptions pod = new PodOptions();

  @Option(
      names = "--size",
      paramLabel = "BYTES",
      converter = RateConverter.class,
      description =
          "With --pvc: make the claim, in Block mode and of this size, if it is not there.")
  private long size;

  @ArgGroup(exclusive = false, validate = false, heading = "%nFor rbd: volumes:%n")
  private final CephOptions ceph = new CephOptions();

  @ArgGroup(exclusive = false, validate = false, heading = "%nTo make an rbd: volume:%n")
  private final RbdCreationOptions creation = new RbdCreationOptions();

  @Mixin private final MemoryOption memory = new MemoryOption();

  @Override
  void check() throws Complaint {
    pod.check(repositoryOptions());
    if (target.isEmpty() == pod.claim().isEmpty()) {
      throw Complaint.usage(
          target.isEmpty() ? "no target was named" : "TARGET and --pvc are two targets",
          "name a device, a file, rbd:pool/image or -, or a claim with --pvc");
    }
    creation.check(target);
    if (pod.claim().isPresent() && dryRun) {
      throw Complaint.usage("--dry-run makes no pod", "name the target's device instead of --pvc");
    }
  }

  @Override
  OptionalInt elsewhere(Output output) throws MoverException, Complaint {
    Optional<ObjectName> claim = pod.claim();
    if (claim.isEmpty()) {
      return OptionalInt.empty();
    }
    RestoreExposure.Request request =
        new RestoreExposure.Request(
            claim.get(),
            size == 0 ? OptionalLong.empty() : OptionalLong.of(size),
            pod.storageClass(),
            ours -> pod.request(arguments(ours)));
    return OptionalInt.of(new PodWork(output, surroundings(), interruption()).restore(request));
  }

  /** The same command, as the pod runs it. */
  private List<String> arguments(boolean ours) {
    List<String> all = new ArrayList<>(List.of("restore", backup, PodRequest.DEVICE, "--json"));
    if (force || ours) {
      all.add("--force");
    }
    if (differential) {
      all.add("--differential");
    }
    if (verify) {
      all.add("--verify");
    }
    if (keepGoing) {
      all.add("--keep-going");
    }
    all.addAll(List.of("--memory", memory.text()));
    return all;
  }

  @Override
  boolean resultsBesideData() {
    return target.equals(Sources.STREAM);
  }

  @Override
  boolean movesData() {
    return true;
  }

  private Map<String, String> addressOptions() {
    Map<String, String> all = new LinkedHashMap<>(ceph.of(surroundings()));
    all.putAll(creation.of());
    return all;
  }

  @Override
  int run(Output output, OpenRepository open) throws Exception {
    return new RestoreWork(output, surroundings(), interruption(), open)
        .run(
            backup,
            target,
            new RestoreWork.Options(
                force,
                differential,
                verify,
                dryRun,
                keepGoing,
                memory.profile(),
                creation.isWanted(),
                addressOptions()));
  }
}
