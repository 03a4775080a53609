package io.blockmover.cli;

import io.blockmover.cbt.k8s.MetadataListing;
import io.blockmover.cbt.k8s.MetadataMessage;
import io.blockmover.cli.cbt.MessageFormat;
import io.blockmover.cli.output.Output;
import java.io.PrintStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mover cbt list}. */
@Command(
    name = "list",
    header = "List the allocated or changed ranges of a VolumeSnapshot, as its driver tells them.",
    description = {
      "Takes the flags of snapshot-metadata-lister and prints what it prints, byte for byte. A list"
          + " that breaks the contract of the service is printed as far as it is right, and then an"
          + " error."
    },
    footer = {
      "  mover cbt list -n app -s monday",
      "  mover cbt list -n app -s tuesday -p monday -o json"
    })
final class CbtListCommand extends Subcommand {

  @Spec private @Nullable CommandSpec own;

  @Mixin private final CbtRequestOptions request = new CbtRequestOptions();

  @Option(
      names = {"-o", "-output-format", "--output-format"},
      paramLabel = "table|json",
      description = "Default: ${DEFAULT-VALUE}.",
      defaultValue = "table")
  private MessageFormat format = MessageFormat.TABLE;

  @Override
  int run(Output output) throws Exception {
    PrintStream out = surroundings().out();
    if (request.isEmpty()) {
      Objects.requireNonNull(own).commandLine().usage(surroundings().err());
      return ExitCode.FAILED;
    }
    MessageFormat as = output.json() ? MessageFormat.JSON : format;
    try (MetadataListing listing = request.open(surroundings())) {
      boolean empty = true;
      for (MetadataMessage m = listing.next(); m != null; m = listing.next()) {
        listing.check(m);
        out.print(as.text(m));
        empty = false;
      }
      out.print(as.end(empty));
    }
    if (out.checkError()) {
      throw Complaint.failure("the list could not be written to standard output", "");
    }
    return ExitCode.DONE;
  }
}
