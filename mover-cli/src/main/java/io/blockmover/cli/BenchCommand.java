package io.blockmover.cli;

import io.blockmover.api.store.ObjectStore;
import io.blockmover.cli.location.RepositoryLocation;
import io.blockmover.cli.location.Stores;
import io.blockmover.cli.output.Output;
import io.blockmover.cli.output.Sizes;
import io.blockmover.cli.output.Table;
import io.blockmover.repository.store.RetryListener;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mover bench}. */
@Command(
    name = "bench",
    header = "Measure each stage of a backup on this machine.",
    description = {
      "Reads SOURCE (nothing is written to it) with many reads in flight, and times on its data, on"
          + " one core each: zero test, fingerprint, hash, compression, encryption. With a"
          + " repository, puts and gets packs under a fresh key and deletes them.",
      "%nThe slowest of device, store and processors is what a backup will take."
    },
    footer = {"  mover bench", "  mover bench /dev/vg0/data --repo s3://bucket/prefix"})
final class BenchCommand extends Subcommand {

  private static final int SAMPLE_BYTES = 64 << 20;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SOURCE",
      description = "A device or image file to read. Default: generated data, and no device.")
  private String source = "";

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "2",
      description = "How long each stage runs. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @ArgGroup(exclusive = false, validate = false, heading = "%nFor rbd: volumes:%n")
  private final CephOptions ceph = new CephOptions();

  @Mixin private final RepositoryOptions repositoryOptions = new RepositoryOptions();

  @Override
  int run(Output output) throws Exception {
    if (seconds < 1 || seconds > 600) {
      throw Complaint.usage("--seconds " + seconds + " is not from 1 to 600", "");
    }
    BenchStages stages = new BenchStages(seconds);
    List<BenchStages.Result> results = new ArrayList<>();
    ByteBuffer sample = ByteBuffer.allocateDirect(SAMPLE_BYTES);
    if (source.isEmpty()) {
      BenchStages.generate(sample);
    } else {
      try (Sources.Opened opened = Sources.open(source, 0, ceph, surroundings(), output)) {
        output.note("reading " + source + " ...");
        results.add(stages.device(opened.source(), sample));
      }
    }
    output.note("timing what the processor does ...");
    results.addAll(stages.processor(sample));
    Optional<RepositoryLocation> location = repositoryOptions.givenLocation(surroundings());
    if (location.isPresent()) {
      output.note("putting and getting packs at " + location.get().uri() + " ...");
      ObjectStore store = Stores.open(location.get(), 0, 0, RetryListener.NONE).store();
      try {
        results.addAll(stages.store(store, sample));
      } finally {
        store.close();
      }
    }
    tell(output, results);
    return ExitCode.DONE;
  }

  private static void tell(Output output, List<BenchStages.Result> results) {
    Table table = new Table("stage", ">rate", "how");
    List<Map<String, Object>> rows = new ArrayList<>();
    for (BenchStages.Result result : results) {
      table.row(result.stage(), Sizes.rate(result.bytesPerSecond()), result.how());
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("stage", result.stage());
      row.put("bytesPerSecond", Math.round(result.bytesPerSecond()));
      row.put("how", result.how());
      rows.add(row);
    }
    table.lines().forEach(output::line);
    output.document(Map.of("type", "bench", "stages", rows));
  }
}
