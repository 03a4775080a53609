package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.cli.output.HeatStrip;
import io.blockmover.cli.output.Output;
import io.blockmover.cli.output.Sizes;
import io.blockmover.cli.output.Table;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.SnapshotFacts;
import io.blockmover.kubernetes.SnapshotState;
import io.blockmover.repository.catalogue.FoundBackup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mover cbt status}. */
@Command(
    name = "status",
    header = "Show a namespace's VolumeSnapshots: whether they are ready, and what changed.",
    description = {
      "For each snapshot what its driver says is allocated, and changed since the snapshot before"
          + " of the same volume, as numbers and as a strip from the volume's beginning to its end."
          + " With a repository, also the last backup that was made of it."
    },
    footer = {"  mover cbt status app", "  mover cbt status app --svg changes.svg"})
final class CbtStatusCommand extends Subcommand {

  private static final int PARTS = 64;
  private static final int MARGIN = 4;

  @Parameters(index = "0", paramLabel = "NS", description = "The namespace.")
  private String namespace = "";

  @Option(
      names = "--svg",
      paramLabel = "FILE",
      description = "Write the strips as a picture to this file, too.")
  private @Nullable Path svg;

  @Mixin private final RepositoryOptions repositoryOptions = new RepositoryOptions();

  /** One line of the answer; numbers are -1 and texts empty where nobody knows. */
  record Row(
      String snapshot,
      String claim,
      String state,
      String created,
      long sizeBytes,
      String handle,
      String backup,
      long allocatedBytes,
      long changedBytes,
      String note) {}

  private final List<ChangeTrackerProvider> trackers = new ArrayList<>();
  private final List<Row> rows = new ArrayList<>();
  private final Map<String, HeatStrip> strips = new LinkedHashMap<>();

  @Override
  int run(Output output) throws Exception {
    Map<String, String> backups = backups(output);
    Map<String, ChangeId> before = new HashMap<>();
    try (Cluster cluster = ClusterSnapshot.open(surroundings())) {
      for (SnapshotState state : cluster.snapshots().list(namespace)) {
        rows.add(row(cluster, state, before, backups));
      }
    }
    show(output);
    if (svg != null) {
      write(svg);
    }
    output.document(Map.of("type", "cbt-status", "namespace", namespace, "snapshots", rows));
    return ExitCode.DONE;
  }

  private Row row(
      Cluster cluster,
      SnapshotState state,
      Map<String, ChangeId> before,
      Map<String, String> backups) {
    String name = state.name().name();
    String created = state.created().map(Object::toString).orElse("");
    SnapshotFacts facts;
    try {
      facts = cluster.snapshots().facts(state);
    } catch (MoverException e) {
      String why = String.valueOf(e.getMessage());
      return new Row(
          name,
          state.claim().orElse(""),
          state.deleting() ? "deleting" : state.error().isPresent() ? "failed" : "not ready",
          created,
          state.restoreSizeBytes().orElse(-1),
          "",
          "",
          -1,
          -1,
          why);
    }
    String volume = facts.driver() + " " + facts.volumeHandle();
    if (trackers.isEmpty()) {
      trackers.addAll(TrackingOption.trackers(facts.reference(), surroundings()));
    }
    SnapshotChanges changes = SnapshotChanges.of(facts.reference(), before.get(volume), trackers);
    ChangeId own = changes.changeId();
    if (own != null && !facts.volumeHandle().isEmpty()) {
      before.put(volume, own);
    }
    if (changes.strip() != null) {
      strips.put(name, changes.strip());
    }
    String recorded = own == null ? facts.handle() : own.value();
    return new Row(
        name,
        facts.claim().orElse(""),
        "ready",
        created,
        facts.restoreSizeBytes(),
        facts.handle(),
        backups.getOrDefault(recorded, ""),
        changes.allocatedBytes(),
        changes.changedBytes(),
        changes.note());
  }

  /** The last backup of each volume of the namespace, by the change id that it recorded. */
  private Map<String, String> backups(Output output) throws MoverException, Complaint {
    Map<String, String> found = new HashMap<>();
    if (repositoryOptions.givenLocation(surroundings()).isEmpty()) {
      return found;
    }
    try (OpenRepository open = OpenRepository.open(repositoryOptions, surroundings(), output)) {
      for (FoundBackup backup : open.backups(null, List.of(), 1)) {
        if (backup.volume().startsWith(namespace + "/")) {
          String changeId = open.manifest(backup).tracker().changeId();
          if (changeId != null) {
            found.put(changeId, backup.row().id());
          }
        }
      }
    }
    return found;
  }

  private void show(Output output) {
    Table table =
        new Table(
            "SNAPSHOT",
            "CLAIM",
            "STATE",
            "CREATED",
            ">SIZE",
            ">ALLOCATED",
            ">CHANGED",
            "BASE OF",
            "HANDLE");
    for (Row row : rows) {
      table.row(
          row.snapshot(),
          row.claim(),
          row.state(),
          row.created(),
          bytes(row.sizeBytes()),
          bytes(row.allocatedBytes()),
          bytes(row.changedBytes()),
          row.backup().isEmpty() ? "-" : row.backup().substring(0, 8),
          row.handle());
    }
    table.lines().forEach(output::line);
    rows.stream()
        .filter(row -> !row.note().isEmpty())
        .forEach(row -> output.line(row.snapshot() + ": " + row.note()));
    strips.forEach(
        (name, strip) -> {
          output.line("");
          output.line(name);
          output.line("  allocated |" + strip.allocatedText() + "|");
          output.line("  changed   |" + strip.changedText() + "|");
        });
  }

  private static String bytes(long bytes) {
    return bytes < 0 ? "-" : Sizes.bytes(bytes);
  }

  private void write(Path file) throws Complaint {
    int step = HeatStrip.height() + MARGIN;
    StringBuilder picture = new StringBuilder();
    picture.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\">%n"
            .formatted(HeatStrip.width(PARTS), Math.max(1, strips.size()) * step));
    int y = 0;
    for (Map.Entry<String, HeatStrip> strip : strips.entrySet()) {
      picture.append(strip.getValue().svg(y, namespace + "/" + strip.getKey()));
      y += step;
    }
    try {
      Files.writeString(file, picture.append("</svg>\n"));
    } catch (IOException e) {
      throw Complaint.failure(
          "cannot write " + file + ": " + e.getMessage(), "name a file that can be written");
    }
  }
}
