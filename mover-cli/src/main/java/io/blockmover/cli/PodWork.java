package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.cli.output.Output;
import io.blockmover.engine.progress.Progress;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.exposure.BackupExposure;
import io.blockmover.kubernetes.exposure.Pace;
import io.blockmover.kubernetes.exposure.RestoreExposure;
import io.blockmover.kubernetes.exposure.Watch;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Runs a job in a pod, shows its progress here, and ends as it ended. */
final class PodWork {

  private static final String KEPT =
      "the pod was ended and removed; run the same command again to go on";

  private final Output output;
  private final Surroundings surroundings;
  private final Interruption interruption;

  PodWork(Output output, Surroundings surroundings, Interruption interruption) {
    this.output = output;
    this.surroundings = surroundings;
    this.interruption = interruption;
  }

  private interface Job {
    int run(Cluster cluster, Watch watch) throws MoverException;
  }

  int backup(BackupExposure.Request request) throws MoverException {
    return run(
        "backup",
        (cluster, watch) -> new BackupExposure(cluster, Pace.STANDARD, watch).run(request));
  }

  int restore(RestoreExposure.Request request) throws MoverException {
    return run(
        "restore",
        (cluster, watch) -> new RestoreExposure(cluster, Pace.STANDARD, watch).run(request));
  }

  private int run(String title, Job job) throws MoverException {
    @Nullable PodFollower[] follower = new PodFollower[1];
    int code;
    try (Cluster cluster = ClusterSnapshot.open(surroundings)) {
      code =
          new Jobs(output, interruption)
              .run(
                  title,
                  new Progress(),
                  KEPT,
                  (progress, cancellation) -> {
                    follower[0] = new PodFollower(output, progress, cancellation);
                    return job.run(cluster, Objects.requireNonNull(follower[0]));
                  });
    }
    Map<String, Object> document = Objects.requireNonNull(follower[0]).report();
    tell(title, code, document.get("report") instanceof Map<?, ?> report ? report : document);
    output.document(document);
    return code;
  }

  private void tell(String title, int code, Map<?, ?> report) {
    if ("error".equals(report.get("type"))) {
      output.warn("in the pod: " + report.get("message") + "; " + report.get("advice"));
    }
    if (code == ExitCode.DONE || code == ExitCode.PARTLY_DONE) {
      output.line(title + " " + report.get("backup") + " of " + report.get("volume"));
      for (String field : new String[] {"tracker", "readBytes", "changedBytes", "uploadedBytes"}) {
        if (report.containsKey(field)) {
          output.line("  " + field + " " + report.get(field));
        }
      }
    }
    if (report.get("steps") instanceof List<?> steps) {
      steps.forEach(step -> output.warn(String.valueOf(step)));
    }
  }
}
