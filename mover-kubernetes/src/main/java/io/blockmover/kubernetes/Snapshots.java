package io.blockmover.kubernetes;

import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.api.MoverException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Looks up VolumeSnapshots. Thread-safe; each call asks the API server anew. */
public final class Snapshots {

  private static final int PAGE = 500;

  private final KubernetesClient client;

  Snapshots(KubernetesClient client) {
    this.client = client;
  }

  /**
   * The VolumeSnapshot as it stands, usable or not.
   *
   * @throws ClusterObjectUnusable if the cluster has no VolumeSnapshots at all
   */
  public Optional<SnapshotState> find(ObjectName name) throws MoverException {
    String what = "read VolumeSnapshot " + name;
    GenericKubernetesResource found =
        ApiCalls.call(
            what,
            () ->
                client
                    .genericKubernetesResources(Kinds.SNAPSHOT)
                    .inNamespace(name.namespace())
                    .withName(name.name())
                    .get());
    return Optional.ofNullable(found).map(SnapshotState::of);
  }

  /** All VolumeSnapshots of a namespace, by age (those without time last), then by name. */
  public List<SnapshotState> list(String namespace) throws MoverException {
    List<GenericKubernetesResource> found =
        ApiCalls.call(
            "list the VolumeSnapshots of namespace " + namespace,
            () ->
                Pages.all(
                    client.genericKubernetesResources(Kinds.SNAPSHOT).inNamespace(namespace)::list,
                    PAGE));
    return found.stream()
        .map(SnapshotState::of)
        .sorted(
            Comparator.comparing((SnapshotState state) -> state.created().orElse(Instant.MAX))
                .thenComparing(state -> state.name().name()))
        .toList();
  }

  /**
   * The VolumeSnapshot with all that a tracker needs.
   *
   * @throws ClusterObjectUnusable if it is missing, being deleted, failed, not ready, not bound, or
   *     of unknown size; its kind says whether waiting helps
   */
  public SnapshotFacts load(ObjectName name) throws MoverException {
    SnapshotState snapshot =
        find(name)
            .orElseThrow(
                () ->
                    ClusterObjectUnusable.missing(
                        "there is no VolumeSnapshot " + name,
                        "kubectl get volumesnapshots -n " + name.namespace()));
    return facts(snapshot);
  }

  /** As {@link #load}, from what was read already. */
  public SnapshotFacts facts(SnapshotState snapshot) throws MoverException {
    ObjectName name = snapshot.name();
    requireUsable(snapshot);
    String contentName = snapshot.content().orElseThrow();
    ContentState content =
        content(contentName)
            .orElseThrow(
                () ->
                    ClusterObjectUnusable.missing(
                        "VolumeSnapshot %s is bound to VolumeSnapshotContent %s, which is gone"
                            .formatted(name, contentName),
                        "the snapshot is lost: delete the VolumeSnapshot and take a new one"));
    requireUsable(snapshot, content);
    OptionalLong size =
        content.restoreSizeBytes().orElse(0) > 0
            ? content.restoreSizeBytes()
            : snapshot.restoreSizeBytes();
    if (size.orElse(0) <= 0) {
      throw ClusterObjectUnusable.refused(
          "the size of VolumeSnapshot %s is unknown: driver %s reported none"
              .formatted(name, content.driver()),
          "without a size no tracker can be asked: back up the volume without --snapshot");
    }
    return new SnapshotFacts(
        name,
        snapshot.uid(),
        content.name(),
        content.driver(),
        content.handle().orElseThrow(),
        content.volumeHandle().orElse(""),
        size.getAsLong(),
        content.created().or(snapshot::created),
        snapshot.claim(),
        content.volumeMode(),
        snapshot.annotations());
  }

  Optional<ContentState> content(String name) throws MoverException {
    return Optional.ofNullable(
            ApiCalls.call(
                "read VolumeSnapshotContent " + name,
                () -> client.genericKubernetesResources(Kinds.CONTENT).withName(name).get()))
        .map(ContentState::of);
  }

  private static void requireUsable(SnapshotState snapshot) throws ClusterObjectUnusable {
    ObjectName name = snapshot.name();
    String look = "kubectl describe volumesnapshot -n " + name.namespace() + " " + name.name();
    if (snapshot.deleting()) {
      throw ClusterObjectUnusable.refused(
          "VolumeSnapshot " + name + " is being deleted", "take a new one");
    }
    if (!snapshot.ready() && snapshot.error().isPresent()) {
      throw ClusterObjectUnusable.refused(
          "VolumeSnapshot %s failed: %s".formatted(name, snapshot.error().get()),
          "repair what it names, or delete it and take a new one; see " + look);
    }
    if (!snapshot.hasStatus()) {
      throw ClusterObjectUnusable.notReady(
          "no controller has looked at VolumeSnapshot " + name + " yet",
          "wait a little; if it stays so, is the snapshot-controller running?");
    }
    if (snapshot.content().isEmpty()) {
      throw ClusterObjectUnusable.notReady(
          "VolumeSnapshot " + name + " is not bound to a VolumeSnapshotContent",
          "wait a little; if it stays so: " + look);
    }
    if (!snapshot.ready()) {
      throw ClusterObjectUnusable.notReady(
          "VolumeSnapshot " + name + " is not ready to use", "wait a little; see " + look);
    }
  }

  private static void requireUsable(SnapshotState snapshot, ContentState content)
      throws ClusterObjectUnusable {
    if (!content.belongsTo(snapshot)) {
      throw ClusterObjectUnusable.refused(
          "VolumeSnapshotContent %s belongs to VolumeSnapshot %s/%s (uid %s), not to %s"
              .formatted(
                  content.name(),
                  content.snapshotNamespace().orElse("?"),
                  content.snapshotName().orElse("?"),
                  content.snapshotUid().orElse("?"),
                  snapshot.name()),
          "somebody made this VolumeSnapshot by hand: correct its source");
    }
    if (content.driver().isEmpty()) {
      throw ClusterObjectUnusable.refused(
          "VolumeSnapshotContent " + content.name() + " names no driver", "correct it");
    }
    if (content.handle().isEmpty()) {
      throw ClusterObjectUnusable.notReady(
          "VolumeSnapshotContent %s has no snapshot handle yet".formatted(content.name()),
          content.error().map(error -> "the driver says: " + error).orElse("wait a little"));
    }
  }
}
