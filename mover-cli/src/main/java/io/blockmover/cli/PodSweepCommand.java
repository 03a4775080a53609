package io.blockmover.cli;

import io.blockmover.api.Cancelled;
import io.blockmover.api.MoverException;
import io.blockmover.cli.location.RepositoryLocation;
import io.blockmover.cli.location.Stores;
import io.blockmover.cli.output.Output;
import io.blockmover.cli.output.OutputStyle;
import io.blockmover.velero.location.Domain;
import io.blockmover.velero.sweep.Domains;
import io.blockmover.velero.sweep.VeleroBackups;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mover pod sweep}. */
@Command(
    name = "sweep",
    header = "Forget what no Velero backup in the bucket refers to, and take its space back.",
    description = {
      "Looks at what Velero keeps below --velero, at the tags of our backups below --repo, and"
          + " forgets those whose Velero backup was missing in an earlier sweep, at least --grace"
          + " ago, and is missing now. Where none is referred to any more, twice as long ago."
          + " Backups that Velero did not ask for are never touched.",
      "%nThen gc, and a few backups are verified."
    },
    footer = {
      "  mover pod sweep --repo s3://bucket/prefix/plugins/blockmover --velero s3://bucket/prefix",
      "  mover pod sweep --dry-run --velero s3://bucket/prefix"
    })
final class PodSweepCommand extends Subcommand {

  @Mixin private final RepositoryOptions repositoryOptions = new RepositoryOptions();

  @Option(
      names = "--velero",
      required = true,
      paramLabel = "PLACE",
      description = "Bucket and prefix of the BackupStorageLocation.")
  private String velero = "";

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      converter = TimeSpanConverter.class,
      description = "How long a Velero backup must have been missing. Default: 1d.")
  private Duration grace = Duration.ofDays(1);

  @Option(
      names = {"-n", "--dry-run"},
      description = "Only say what would be forgotten.")
  private boolean dryRun;

  @Option(
      names = "--verify",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Verify the maps and tables of N backups of each repository, chosen at random. Default:"
              + " ${DEFAULT-VALUE}.")
  private int verified = 1;

  @Mixin private final MemoryOption memory = new MemoryOption();

  @Override
  OutputStyle style(OutputStyle chosen) {
    return PodSubcommand.jsonOnly(chosen);
  }

  @Override
  int run(Output output) throws Exception {
    var _ =
        repositoryOptions.password(surroundings(), output).required(); // before anything is asked
    RepositoryLocation root = repositoryOptions.location(surroundings());
    Stores.Opened place =
        repositoryOptions.store(
            repositoryOptions.place(velero, surroundings()), new RetryWarning(output));
    try {
      return sweep(output, root, domains(root, output), VeleroBackups.list(place.store()));
    } finally {
      place.store().close();
    }
  }

  private int sweep(
      Output output, RepositoryLocation root, List<Domain> domains, VeleroBackups backups)
      throws Exception {
    List<Map<String, @Nullable Object>> done = new ArrayList<>();
    List<Failure> failed = new ArrayList<>();
    SweepWork work =
        new SweepWork(
            output,
            interruption(),
            backups,
            new SweepWork.Options(grace, dryRun, verified, memory.profile()));
    for (Domain domain : domains) {
      try (OpenRepository open =
          OpenRepository.unattended(
              repositoryOptions, domain(root, domain), surroundings(), output, false)) {
        done.add(work.run(domain, open));
      } catch (Cancelled e) {
        throw e;
      } catch (MoverException e) { // what is wrong with one repository is no matter of the others
        Failure failure = Failure.of(e);
        output.warn("repository " + domain.text() + ": " + failure.message());
        failed.add(failure);
      }
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", failed.isEmpty() ? "sweep" : "error");
    failed.stream().findFirst().ifPresent(first -> document.putAll(first.document()));
    document.put("dryRun", dryRun);
    document.put("veleroBackups", backups.count());
    document.put("forgotten", sum(done, SweepWork.FORGOTTEN));
    document.put("waiting", sum(done, SweepWork.WAITING));
    document.put("freedBytes", sum(done, SweepWork.FREED));
    document.put("problems", sum(done, SweepWork.PROBLEMS));
    document.put("repositories", done);
    output.document(document);
    if (!failed.isEmpty()) {
      return failed.getFirst().exitCode();
    }
    return sum(done, SweepWork.PROBLEMS) == 0 ? ExitCode.DONE : ExitCode.PARTLY_DONE;
  }

  private static long sum(List<Map<String, @Nullable Object>> repositories, String field) {
    return repositories.stream()
        .mapToLong(each -> each.get(field) instanceof Number number ? number.longValue() : 0)
        .sum();
  }

  private static RepositoryLocation domain(RepositoryLocation root, Domain domain) {
    return new RepositoryLocation(URI.create(domain.below(root.uri().toString())), root.options());
  }

  private List<Domain> domains(RepositoryLocation root, Output output)
      throws MoverException, Complaint {
    Stores.Opened opened = repositoryOptions.store(root, new RetryWarning(output));
    try {
      return Domains.find(opened.store());
    } finally {
      opened.store().close();
    }
  }
}
