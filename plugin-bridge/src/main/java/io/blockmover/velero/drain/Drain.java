package io.blockmover.velero.drain;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.transfer.Transfer;
import io.blockmover.velero.transfer.TransferKind;
import io.blockmover.velero.transfer.Transfers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Leaves a cluster as it was before the mover came: cancels its transfers, which the controller, as
 * long as it runs, brings to their end, and then releases the snapshots that were kept for the next
 * backups. Backups stay where they are. Asks nothing but the API server; each step is told from
 * what exists.
 */
public final class Drain {

  private final Transfers transfers;
  private final ClusterObjects objects;
  private final String namespace;
  private final String dataMover;

  /**
   * @param namespace Velero's
   * @param dataMover whose transfers are cancelled
   */
  public Drain(Cluster cluster, String namespace, String dataMover) {
    this.objects = cluster.objects();
    this.transfers = new Transfers(cluster.objects());
    this.namespace = namespace;
    this.dataMover = dataMover;
  }

  /**
   * Does what can be done by now.
   *
   * @return what it waits for, for people; empty once nothing is left
   */
  public Optional<String> step() throws MoverException {
    List<String> working = cancelAll();
    if (!working.isEmpty()) {
      return Optional.of(
          "%d transfers to end, %s among them; the controller has to run for that"
              .formatted(working.size(), working.getFirst()));
    }
    List<ClusterObject> kept =
        objects
            .list(ObjectKind.CONTENT, "", Map.of(Transfer.MANAGER_LABEL, Transfer.MANAGER))
            .stream()
            .filter(content -> content.labels().containsKey(Transfer.UID_LABEL))
            .toList();
    for (ClusterObject content : kept) {
      release(content);
    }
    return kept.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%d kept snapshots to go, VolumeSnapshotContent %s among them"
                .formatted(kept.size(), kept.getFirst().name()));
  }

  /** Those that have not ended, or of which something is left. */
  private List<String> cancelAll() throws MoverException {
    List<String> working = new ArrayList<>();
    for (TransferKind kind : TransferKind.values()) {
      for (Transfer transfer : transfers.list(kind, namespace)) {
        boolean ours = transfer.dataMover().equals(dataMover);
        if (transfer.held() || (ours && !transfer.phase().terminal())) {
          working.add(kind.kind().kind() + " " + transfer.name());
          if (!transfer.cancelled()) {
            objects.patch(
                kind.kind(),
                namespace,
                transfer.name().name(),
                Map.of("spec", Map.of("cancel", true)));
          }
        }
      }
    }
    return working;
  }

  /** With its storage's snapshot: a content that is retained would leave that behind. */
  private void release(ClusterObject content) throws MoverException {
    if (content.deleting()) {
      return;
    }
    objects.patch(
        ObjectKind.CONTENT, "", content.name(), Map.of("spec", Map.of("deletionPolicy", "Delete")));
    Optional<ClusterObject> snapshot =
        objects.find(ObjectKind.SNAPSHOT, new ObjectName(namespace, content.name()));
    if (snapshot.isEmpty()) {
      objects.delete(ObjectKind.CONTENT, "", content);
    } else if (!snapshot.get().deleting()) {
      objects.delete(ObjectKind.SNAPSHOT, namespace, snapshot.get());
    }
  }
}
