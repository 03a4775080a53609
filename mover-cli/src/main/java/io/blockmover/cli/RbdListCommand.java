package io.blockmover.cli;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.AddressedVolume;
import io.blockmover.api.source.VolumeProvider;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.cbt.k8s.MetadataMessage;
import io.blockmover.cli.cbt.MessageFormat;
import io.blockmover.cli.output.Output;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mover rbd list}. */
@Command(
    name = "list",
    header = "List the allocated or changed ranges of an RBD snapshot, as librbd tells them.",
    description = {
      "With one snapshot, what it holds, a clone's inheritance included. With two, what changed"
          + " from the first to the second, exactly; what the second one grew by is part of it.",
      "%nPrinted as by mover cbt list."
    },
    footer = {
      "  mover rbd list rbd:pool/image@monday",
      "  mover rbd list rbd:pool/image@monday @tuesday -o json"
    })
final class RbdListCommand extends Subcommand {

  private static final int EXTENTS_PER_MESSAGE = 256;

  @Parameters(
      index = "0",
      paramLabel = "SNAPSHOT",
      description = "rbd:pool[/namespace]/image@snapshot.")
  private String first = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "SNAPSHOT",
      description = "A later one of the same image; @NAME is enough.")
  private String second = "";

  @Option(
      names = {"-o", "--output-format"},
      paramLabel = "table|json",
      description = "Default: ${DEFAULT-VALUE}.",
      defaultValue = "table")
  private MessageFormat format = MessageFormat.TABLE;

  @ArgGroup(exclusive = false, validate = false, heading = "%nThe cluster:%n")
  private final CephOptions ceph = new CephOptions();

  @Override
  int run(Output output) throws Exception {
    String later = second.startsWith("@") ? first.substring(0, end(first)) + second : second;
    SnapshotReference base = reference(first);
    SnapshotReference target = later.isEmpty() ? base : reference(later);
    ChangeTrackerProvider provider = tracker(target);
    try (ChangeTracker tracker = provider.open(target);
        ExtentCursor extents =
            later.isEmpty()
                ? tracker.allocated(0)
                : tracker.changedSince(changeId(provider, base), 0)) {
      print(extents, target.sizeBytes(), output.json() ? MessageFormat.JSON : format);
    }
    return ExitCode.DONE;
  }

  private static int end(String address) {
    int at = address.indexOf('@');
    return at < 0 ? address.length() : at;
  }

  private SnapshotReference reference(String address) throws MoverException, Complaint {
    String whole = address.startsWith("rbd:") ? address : "rbd:" + address;
    VolumeProvider provider = AddressedVolumes.provider(whole).orElseThrow();
    AddressedVolume volume = AddressedVolumes.openSource(provider, whole, ceph.of(surroundings()));
    volume.source().close();
    if (volume.reference().handle().isEmpty()) {
      throw Complaint.usage(whole + " is no snapshot", "name one: " + whole + "@SNAPSHOT");
    }
    return volume.reference();
  }

  private ChangeTrackerProvider tracker(SnapshotReference target) throws Complaint {
    return TrackingOption.trackers(target, surroundings()).stream()
        .filter(each -> each.name().equals("ceph-rbd"))
        .findFirst()
        .orElseThrow(() -> Complaint.failure("there is no tracker for images of Ceph here", ""));
  }

  private static ChangeId changeId(ChangeTrackerProvider provider, SnapshotReference base)
      throws MoverException, Complaint {
    try (ChangeTracker tracker = provider.open(base)) {
      return tracker
          .changeId()
          .orElseThrow(() -> Complaint.failure(base.handle() + " is no base for a delta", ""));
    }
  }

  private void print(ExtentCursor extents, long sizeBytes, MessageFormat as)
      throws MoverException, Complaint {
    PrintStream out = surroundings().out();
    List<Extent> batch = new ArrayList<>();
    int number = 0;
    for (Extent extent = extents.next(); extent != null; extent = extents.next()) {
      batch.add(extent);
      if (batch.size() == EXTENTS_PER_MESSAGE) {
        out.print(as.text(MetadataMessage.of(++number, sizeBytes, batch)));
        batch.clear();
      }
    }
    if (!batch.isEmpty()) {
      out.print(as.text(MetadataMessage.of(++number, sizeBytes, batch)));
    }
    out.print(as.end(number == 0));
    if (out.checkError()) {
      throw Complaint.failure("the list could not be written to standard output", "");
    }
  }
}
