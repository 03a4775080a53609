package io.blockmover.velero.metrics;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.velero.transfer.Transfer;
import io.blockmover.velero.transfer.TransferKind;
import io.blockmover.velero.transfer.TransferPhase;
import io.blockmover.velero.transfer.Transfers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Figures that are told from what exists, so that a controller that starts anew knows them at once.
 * Each reading asks the API server; thread-safe.
 */
public final class ClusterFigures {

  private static final String ROLE = "blockmover.io/role";
  private static final String CLAIM = "blockmover.io/claim";

  private final Transfers transfers;
  private final ClusterObjects objects;
  private final String namespace;
  private final String dataMover;

  /**
   * @param namespace Velero's
   * @param dataMover whose transfers are counted
   */
  public ClusterFigures(Cluster cluster, String namespace, String dataMover) {
    this.objects = cluster.objects();
    this.transfers = new Transfers(cluster.objects());
    this.namespace = namespace;
    this.dataMover = dataMover;
  }

  /** All figures as they are now. */
  public List<Figure> read() throws MoverException {
    List<Figure> figures = new ArrayList<>();
    Set<String> open = new HashSet<>();
    for (TransferKind kind : TransferKind.values()) {
      List<Transfer> all =
          transfers.list(kind, namespace).stream()
              .filter(transfer -> transfer.dataMover().equals(dataMover))
              .toList();
      all.stream().filter(ClusterFigures::works).map(Transfer::uid).forEach(open::add);
      count(kind, all, figures);
      if (kind == TransferKind.UPLOAD) {
        lastBackups(all, figures);
      }
    }
    ours(open, figures);
    return figures;
  }

  /** Whether objects that were made for it may be there. */
  private static boolean works(Transfer transfer) {
    return !transfer.phase().terminal() || transfer.held();
  }

  private static void count(TransferKind kind, List<Transfer> all, List<Figure> figures) {
    for (TransferPhase phase : TransferPhase.values()) {
      figures.add(
          new Figure(
              Metric.TRANSFERS,
              Map.of("kind", kind.kind().kind(), "phase", phase.text()),
              all.stream().filter(transfer -> transfer.phase() == phase).count()));
    }
    all.stream()
        .filter(transfer -> !transfer.phase().terminal())
        .map(Transfer::created)
        .min(Comparator.naturalOrder())
        .ifPresent(
            oldest ->
                figures.add(
                    new Figure(
                        Metric.OLDEST_OPEN,
                        Map.of("kind", kind.kind().kind()),
                        oldest.getEpochSecond())));
  }

  private static void lastBackups(List<Transfer> uploads, List<Figure> figures) {
    Map<String, Transfer> last = new TreeMap<>();
    for (Transfer upload : uploads) {
      if (upload.phase() == TransferPhase.COMPLETED) {
        last.merge(
            labels(upload).toString(),
            upload,
            (one, other) -> ended(one).isAfter(ended(other)) ? one : other);
      }
    }
    for (Transfer upload : last.values()) {
      Map<String, String> labels = labels(upload);
      ClusterObject object = upload.object();
      figures.add(new Figure(Metric.LAST_BACKUP, labels, ended(upload).getEpochSecond()));
      figures.add(
          new Figure(
              Metric.VOLUME_BYTES,
              labels,
              object.number("status", "progress", "totalBytes").orElse(0)));
      figures.add(
          new Figure(
              Metric.CHANGED_BYTES, labels, object.number("status", "incrementalBytes").orElse(0)));
      // The first sentence says what was done; each further one, what could not be.
      figures.add(new Figure(Metric.FALLBACK, labels, upload.message().contains("; ") ? 1 : 0));
      figures.add(
          new Figure(Metric.DISTRUSTED, labels, upload.message().contains("distrusted") ? 1 : 0));
    }
  }

  private static Map<String, String> labels(Transfer upload) {
    return Map.of(
        "namespace", upload.object().text("spec", "sourceNamespace").orElse(""),
        "claim", upload.object().text("spec", "sourcePVC").orElse(""));
  }

  private static Instant ended(Transfer upload) {
    return upload.object().time("status", "completionTimestamp").orElse(Instant.EPOCH);
  }

  private void ours(Set<String> open, List<Figure> figures) throws MoverException {
    Map<String, String> marks = Map.of(Transfer.MANAGER_LABEL, Transfer.MANAGER);
    Map<String, Integer> bases = new TreeMap<>();
    Map<String, Integer> left = new HashMap<>();
    for (ObjectKind kind : List.of(ObjectKind.POD, ObjectKind.CLAIM, ObjectKind.CONTENT)) {
      left.put(kind.kind(), 0);
      for (ClusterObject object : objects.list(kind, kind.namespaced() ? namespace : "", marks)) {
        String uid = object.labels().getOrDefault(Transfer.UID_LABEL, "");
        if ("base".equals(object.labels().get(ROLE))) {
          bases.merge(object.annotations().getOrDefault(CLAIM, ""), 1, Integer::sum);
        } else if (!uid.isEmpty() && !open.contains(uid) && !object.deleting()) {
          left.merge(kind.kind(), 1, Integer::sum);
        }
      }
    }
    bases.forEach(
        (claim, number) ->
            figures.add(new Figure(Metric.BASE_SNAPSHOTS, Map.of("claim", claim), number)));
    left.forEach(
        (kind, number) ->
            figures.add(new Figure(Metric.LEFT_BEHIND, Map.of("kind", kind), number)));
  }
}
