package io.blockmover.velero.upload;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.location.BackupLocations;
import io.blockmover.velero.location.Domain;
import io.blockmover.velero.location.RepositoryAccess;
import io.blockmover.velero.pod.MoverPods;
import io.blockmover.velero.pod.PodJob;
import io.blockmover.velero.pod.PodView;
import io.blockmover.velero.settings.BridgeSettings;
import io.blockmover.velero.transfer.Transfer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** From a snapshot that is ready to the claim and the pod that back it up. */
final class UploadPods {

  private final Cluster cluster;
  private final MoverPods pods;
  private final BlockClaims claims;
  private final BackupLocations locations;
  private final Supplier<BridgeSettings> settings;
  private final VolumeRules rules;

  UploadPods(
      Cluster cluster,
      MoverPods pods,
      BackupLocations locations,
      Supplier<BridgeSettings> settings,
      VolumeRules rules) {
    this.cluster = cluster;
    this.pods = pods;
    this.claims = new BlockClaims(cluster);
    this.locations = locations;
    this.settings = settings;
    this.rules = rules;
  }

  /** What an administrator's rules say. */
  VolumeRules.Choice choice(UploadRequest request, SnapshotTakeover.Own snapshot)
      throws MoverException {
    return rules.decide(SourceVolume.look(cluster, request, snapshot).facts(), request.full());
  }

  /** In which repository of the location it goes. */
  Domain domain(UploadRequest request) {
    return settings.get().dedupDomain().of(request.claim().namespace(), request.claimUid());
  }

  /** Refuses a location that cannot be written. */
  RepositoryAccess access(Transfer transfer, UploadRequest request) throws MoverException {
    RepositoryAccess access =
        locations.access(transfer.backupLocation(), domain(request), settings.get().locations());
    access.requireWritable();
    return access;
  }

  /** Makes claim and pod of an attempt, where they are not there yet. */
  PodView ensure(
      Transfer transfer, UploadRequest request, SnapshotTakeover.Own snapshot, Attempt attempt)
      throws MoverException {
    ObjectName name = attempt.objects(transfer);
    Optional<PodView> found = pods.find(name);
    if (found.isPresent()) {
      return found.get();
    }
    RepositoryAccess access = access(transfer, request);
    SourceVolume source = SourceVolume.look(cluster, request, snapshot);
    VolumeRules.Choice choice = rules.decide(source.facts(), request.full());
    String exposedAs =
        settings.get().exposeAs().getOrDefault(request.storageClass(), request.storageClass());
    removeOthers(transfer, name);
    claims.ensure(transfer, name, snapshot, exposedAs);
    return pods.ensure(
        new PodJob(
            name,
            transfer.labels(),
            transfer.owner(),
            name.name(),
            arguments(request, snapshot, choice),
            access,
            request.storageClass(),
            source.placement(),
            "",
            choice.asksCluster()));
  }

  /** Makes the volume of an attempt go with its claim. */
  void bindVolume(Transfer transfer, Attempt attempt) throws MoverException {
    claims.bind(transfer, attempt.objects(transfer));
  }

  private void removeOthers(Transfer transfer, ObjectName current) throws MoverException {
    for (ClusterObject each : pods.list(transfer.labels())) {
      if (!each.name().equals(current.name())) {
        pods.delete(current, new PodView(each));
      }
    }
    claims.removeOthers(transfer, current);
  }

  private List<String> arguments(
      UploadRequest request, SnapshotTakeover.Own snapshot, VolumeRules.Choice choice) {
    List<String> all = new ArrayList<>();
    Collections.addAll(all, "pod", "backup");
    Collections.addAll(all, "--snapshot", snapshot.name().toString());
    Collections.addAll(all, "--volume", request.volume());
    Collections.addAll(all, "--tag", "velero-backup=" + request.backup());
    Collections.addAll(all, "--tag", "velero-backup-uid=" + request.backupUid());
    all.addAll(choice.arguments());
    all.addAll(settings.get().pods().arguments());
    return all;
  }
}
