package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.StoreReport;
import io.blockmover.api.store.StoreReport.Finding;
import io.blockmover.api.store.StoreReport.Level;
import io.blockmover.cli.location.RepositoryLocation;
import io.blockmover.cli.location.Stores;
import io.blockmover.cli.output.Output;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.kubernetes.check.AccessRule;
import io.blockmover.kubernetes.check.ClusterFinding;
import io.blockmover.repository.RepositoryFormat;
import io.blockmover.repository.store.RetryListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mover doctor}. */
@Command(
    name = "doctor",
    header = "Try out this machine and the store, and say what was found.",
    description = {
      "Writes, reads, races and deletes small objects below a fresh key of the repository's place"
          + " and leaves nothing behind. The repository need not exist, and no password is needed.",
      "%nWithout a repository only the machine is looked at. Exit code 1 if something failed.",
      "%nWith --rules, only the rules are read, and tried on a volume.",
      "%nWith --cluster, all that backups on a Kubernetes cluster depend on is looked at instead,"
          + " Velero too where it is installed;"
          + " nothing is changed. Exit code 1 if something that a backup needs is broken."
    },
    footer = {
      "  mover doctor",
      "  mover doctor --repo s3://bucket/prefix --s3-endpoint https://minio.example:9000",
      "  mover doctor --repo /backups --json",
      "  mover doctor --cluster --namespace app",
      "  mover doctor --rules rules.yaml --pvc app/data",
      "  mover doctor --rules rules.yaml --namespace shop --driver rbd.csi.ceph.com --size 200Gi",
      "  mover doctor --rbac app/mover | kubectl apply -f -"
    })
final class DoctorCommand extends Subcommand {

  @Mixin private final RepositoryOptions repositoryOptions = new RepositoryOptions();

  @Option(
      names = "--cluster",
      description = "Look at the cluster that kubectl sees: APIs, permissions, classes, sidecars.")
  private boolean cluster;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      defaultValue = "",
      description =
          "With --cluster: claims and pods of this namespace only. With --rules: of the claim.")
  private String namespace = "";

  @Option(
      names = "--velero-namespace",
      paramLabel = "NAME",
      defaultValue = "velero",
      description = "With --cluster: where Velero is, if it is. Default: ${DEFAULT-VALUE}.")
  private String veleroNamespace = "velero";

  @Option(
      names = "--rbac",
      paramLabel = "NS/ACCOUNT",
      description =
          "Print the permissions that a service account needs for everything that mover does on a"
              + " cluster, and do nothing.")
  private @Nullable String account;

  @Mixin private final RuleTrial rules = new RuleTrial();

  @Override
  int run(Output output) throws Exception {
    Optional<ObjectName> wanted = SnapshotOptions.name("--rbac", account);
    if (wanted.isPresent()) {
      output.line(AccessRule.manifest(wanted.get().namespace(), wanted.get().name()).strip());
      return ExitCode.DONE;
    }
    if (rules.wanted()) {
      rules.run(output, surroundings(), namespace);
      return ExitCode.DONE;
    }
    if (cluster) {
      List<ClusterFinding> findings =
          ClusterDoctor.run(surroundings(), output, namespace, veleroNamespace);
      output.document(Map.of("type", "doctor", "findings", findings));
      return ClusterDoctor.broken(findings) ? ExitCode.FAILED : ExitCode.DONE;
    }
    List<Finding> findings = new ArrayList<>(MachineCheck.findings());
    findings.forEach(finding -> output.line(line(finding)));
    Optional<RepositoryLocation> location = repositoryOptions.givenLocation(surroundings());
    StoreReport.Suitability suitability = null;
    if (location.isPresent()) {
      output.line("");
      output.line("store " + location.get().uri());
      StoreReport report = store(location.get());
      report.findings().forEach(finding -> output.line(line(finding)));
      findings.addAll(report.findings());
      suitability = report.suitability();
      output.line("it is " + meaning(suitability));
    }
    output.document(
        Map.of(
            "type",
            "doctor",
            "store",
            suitability == null ? "" : suitability,
            "findings",
            findings));
    boolean failed = findings.stream().anyMatch(finding -> finding.level() == Level.FAILED);
    return failed ? ExitCode.FAILED : ExitCode.DONE;
  }

  private static StoreReport store(RepositoryLocation location) throws MoverException, Complaint {
    Optional<StoreReport> probed = Stores.probe(location);
    Stores.Opened opened = Stores.open(location, 0, 0, RetryListener.NONE);
    try {
      StoreReport report = probed.isPresent() ? probed.get() : StoreCheck.run(opened.store());
      List<Finding> all = new ArrayList<>(report.findings());
      boolean exists = opened.store().find(RepositoryFormat.KEY).isPresent();
      all.add(
          new Finding(
              Level.NOTE,
              "repository",
              exists ? "there is one" : "there is none yet: mover init makes one"));
      return new StoreReport(report.suitability(), report.options(), all);
    } finally {
      opened.store().close();
    }
  }

  private static String line(Finding finding) {
    return String.format(
        Locale.ROOT,
        "  %-8s %-18s %s",
        finding.level().name().toLowerCase(Locale.ROOT),
        finding.check(),
        finding.text());
  }

  private static String meaning(StoreReport.Suitability suitability) {
    return switch (suitability) {
      case SHARED -> "good for any number of movers at once (class A)";
      case SINGLE_WRITER -> "not safe for several movers at once (class B)";
      case UNSAFE -> "unsafe: its conditional writes do not hold (class C)";
      case UNUSABLE -> "unusable: something basic failed";
    };
  }
}
