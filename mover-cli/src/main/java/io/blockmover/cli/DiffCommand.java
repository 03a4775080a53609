package io.blockmover.cli;

import io.blockmover.api.Extent;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.cli.output.Output;
import io.blockmover.cli.output.Sizes;
import io.blockmover.repository.catalogue.FoundBackup;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code mover diff}. */
@Command(
    name = "diff",
    header = "List the extents that differ between two backups.",
    description = {
      "Compares the maps of the two; no data is read. With --json, a line for each extent and one"
          + " with the sum.",
      "%nBackups of different volumes can be compared too."
    },
    footer = {"  mover diff 3f2a latest", "  mover diff db@latest copy@latest --json"})
final class DiffCommand extends RepositorySubcommand {

  @Parameters(index = "0", paramLabel = "A", description = "The older backup.")
  private String older = "";

  @Parameters(index = "1", paramLabel = "B", description = "The newer one.")
  private String newer = "";

  @Override
  int run(Output output, OpenRepository open) throws Exception {
    FoundBackup from = open.find(older);
    FoundBackup to = open.find(newer);
    long count = 0;
    long bytes = 0;
    try (ExtentCursor extents = open.difference(from, to)) {
      for (Extent extent = extents.next(); extent != null; extent = extents.next()) {
        count++;
        bytes += extent.length();
        output.line(extent.offset() + " " + extent.length());
        output.document(row(extent));
      }
    }
    output.note(
        Sizes.count(count, "extent")
            + ", "
            + Sizes.bytes(bytes)
            + " differ of "
            + Sizes.bytes(to.row().volumeBytes()));
    Map<String, Object> sum = new LinkedHashMap<>();
    sum.put("type", "diff");
    sum.put("from", from.row().id());
    sum.put("to", to.row().id());
    sum.put("extents", count);
    sum.put("bytes", bytes);
    output.document(sum);
    return ExitCode.DONE;
  }

  private static Map<String, Object> row(Extent extent) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("type", "extent");
    row.put("offset", extent.offset());
    row.put("length", extent.length());
    return row;
  }
}
