package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.cli.output.Output;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.check.ClusterCheckup;
import io.blockmover.kubernetes.check.ClusterFinding;
import io.blockmover.kubernetes.check.ClusterFinding.Level;
import io.blockmover.velero.check.VeleroCheckup;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The part of {@code mover doctor} that looks at a cluster. */
final class ClusterDoctor {

  private ClusterDoctor() {}

  /**
   * Looks and tells.
   *
   * @param namespace whose claims and pods are looked at; empty for all
   * @param velero Velero's namespace
   */
  static List<ClusterFinding> run(
      Surroundings surroundings, Output output, String namespace, String velero)
      throws MoverException {
    try (Cluster cluster = ClusterSnapshot.open(surroundings)) {
      output.line("");
      output.line("cluster " + cluster.address());
      Clock clock = Clock.systemUTC();
      List<ClusterFinding> findings =
          new ArrayList<>(new ClusterCheckup(cluster, namespace, clock).run());
      findings.addAll(new VeleroCheckup(cluster, velero, clock).run());
      findings.forEach(finding -> show(output, finding));
      return findings;
    }
  }

  private static void show(Output output, ClusterFinding finding) {
    output.line(
        String.format(
            Locale.ROOT,
            "  %-8s %-18s %s",
            finding.level().name().toLowerCase(Locale.ROOT),
            finding.check(),
            finding.text()));
    if (finding.level() != Level.FINE) {
      output.line("             why: " + finding.why());
      if (!finding.fix().isEmpty()) {
        output.line("             what to do:");
        finding.fix().lines().forEach(output::line); // not indented, so that it can be pasted
      }
    }
  }

  static boolean broken(List<ClusterFinding> findings) {
    return findings.stream().anyMatch(finding -> finding.level() == Level.BROKEN);
  }
}
