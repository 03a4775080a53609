package io.blockmover.cli;

import io.blockmover.cli.output.Output;
import io.blockmover.cli.output.Sizes;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.TrackerRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code mover show}. */
@Command(
    name = "show",
    header = "Show all that is known of one backup.",
    description = "What was backed up, how its changes were found, and what it cost.",
    footer = {"  mover show latest", "  mover show 3f2a --json"})
final class ShowCommand extends RepositorySubcommand {

  /** The figures of the manifest in the order of the data path, and what people call them. */
  private static final Map<String, String> FIGURES = new LinkedHashMap<>();

  static {
    FIGURES.put("readBytes", "read");
    FIGURES.put("sampledBytes", "sampled");
    FIGURES.put("comparedBytes", "fetched");
    FIGURES.put("changedBytes", "changed");
    FIGURES.put("newChunkBytes", "new");
    FIGURES.put("storedAgainBytes", "stored again");
    FIGURES.put("healedBytes", "healed");
    FIGURES.put("dataPackBytes", "uploaded");
  }

  @Parameters(
      index = "0",
      paramLabel = "BACKUP",
      description = "An id or its beginning, 'latest', or VOLUME@latest.")
  private String backup = "";

  @Override
  int run(Output output, OpenRepository open) throws Exception {
    Manifest manifest = open.manifest(open.find(backup));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", "show");
    document.put("manifest", manifest);
    output.document(document);
    line(output, "id", manifest.backup());
    line(output, "volume", manifest.volume() + ", " + Sizes.bytes(manifest.volumeBytes()));
    line(output, "source", manifest.source().kind() + " " + manifest.source().name());
    line(output, "host", manifest.host() + " (" + manifest.program() + ")");
    line(output, "started", Times.shown(manifest.started()));
    line(output, "finished", Times.shown(manifest.finished()));
    String parent = manifest.parent();
    line(output, "parent", parent == null ? "none: a full backup" : parent);
    line(output, "tags", manifest.tags().isEmpty() ? "none" : String.join(", ", manifest.tags()));
    line(output, "tracker", tracker(manifest.tracker()));
    manifest.tracker().steps().forEach(step -> line(output, "", step));
    manifest.tracker().warnings().forEach(warning -> line(output, "warning", warning));
    Reports.trust(output, manifest.tracker().distrusted());
    if (!manifest.badBlocks().isEmpty()) {
      manifest
          .badBlocks()
          .forEach(
              bad -> line(output, "unreadable", bad.offset() + ", " + bad.length() + " bytes"));
    }
    line(
        output,
        "map",
        Sizes.count(manifest.map().size(), "layer")
            + ", "
            + Sizes.count(manifest.fingerprints().size(), "table")
            + " of fingerprints");
    figures(output, new LinkedHashMap<>(manifest.statistics()));
    return ExitCode.DONE;
  }

  /** Those that this version does not know stand at the end, under the name that they have. */
  private static void figures(Output output, Map<String, Long> statistics) {
    FIGURES.forEach(
        (name, words) -> {
          Long value = statistics.remove(name);
          if (value != null) {
            line(output, words, number(name, value));
          }
        });
    statistics.forEach((name, value) -> line(output, name, number(name, value)));
  }

  private static String tracker(TrackerRecord tracker) {
    String reason = tracker.reason();
    return reason == null ? tracker.name() : tracker.name() + ": " + reason;
  }

  private static void line(Output output, String name, String value) {
    output.line(String.format("%-16s %s", name, value).stripTrailing());
  }

  private static String number(String name, long value) {
    return name.endsWith("Bytes") ? Sizes.bytes(value) + " (" + value + ")" : String.valueOf(value);
  }
}
