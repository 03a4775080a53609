package io.blockmover.cli;

import io.blockmover.cbt.k8s.MetadataListing;
import io.blockmover.cbt.k8s.MetadataMessage;
import io.blockmover.cli.cbt.DevicePair;
import io.blockmover.cli.output.Output;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mover cbt verify}. */
@Command(
    name = "verify",
    header = "Prove a driver's list: copy what it lists, then compare the whole devices.",
    description = {
      "Like snapshot-metadata-verifier, with its flags. The source is a Block volume restored from"
          + " the VolumeSnapshot; the target one restored from the previous one, or an empty one of"
          + " the same size if no previous is named. THE TARGET IS WRITTEN."
    },
    footer = {"  mover cbt verify -n app -s tuesday -p monday -src /dev/tuesday -tgt /dev/monday"})
final class CbtVerifyCommand extends Subcommand {

  @Spec private @Nullable CommandSpec own;

  @Mixin private final CbtRequestOptions request = new CbtRequestOptions();

  @Option(
      names = {"-src", "-source-device-path", "--source-device-path"},
      paramLabel = "DEVICE",
      description = "Only read. Required.")
  private @Nullable Path source;

  @Option(
      names = {"-tgt", "-target-device-path", "--target-device-path"},
      paramLabel = "DEVICE",
      description = "Written. Required.")
  private @Nullable Path target;

  @Override
  int run(Output output) throws Exception {
    if (request.isEmpty() && source == null && target == null) {
      Objects.requireNonNull(own).commandLine().usage(surroundings().err());
      return ExitCode.FAILED;
    }
    Path from = source;
    Path to = target;
    if (from == null || to == null) {
      throw Complaint.failure("-src and -tgt are both needed", "name the two devices");
    }
    long ranges = 0;
    long bytes = 0;
    OptionalLong difference;
    try (DevicePair devices = open(from, to);
        MetadataListing listing = request.open(surroundings())) {
      for (MetadataMessage m = listing.next(); m != null; m = listing.next()) {
        listing.check(m);
        for (int entry = 0; entry < m.entries(); entry++) {
          devices.copy(m.offset(entry), m.sizeBytes(entry));
          ranges++;
          bytes += m.sizeBytes(entry);
        }
      }
      difference = devices.firstDifference();
    }
    if (difference.isPresent()) {
      throw Complaint.failure(
          "%s and %s differ at offset %d after %d ranges were copied: the list is short of it"
              .formatted(from, to, difference.getAsLong(), ranges),
          "report this to the driver's makers, and back up without its lists, by leaving --snapshot out");
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("type", "cbt-verify");
    result.put("ranges", ranges);
    result.put("bytes", bytes);
    output.document(result);
    return ExitCode.DONE;
  }

  private static DevicePair open(Path from, Path to) throws Complaint {
    try {
      return DevicePair.open(from, to);
    } catch (IOException e) {
      throw Complaint.failure("cannot open the devices: " + e, "both must exist, and be two");
    }
  }
}
