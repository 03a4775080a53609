package io.blockmover.velero.upload;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.ObjectName;
import java.util.Map;
import java.util.Optional;

/** The VolumeSnapshot and its content that Velero made, and how they go. */
final class SourceSnapshot {

  /** On our content: the name of the one that it took the place of. */
  static final String CONTENT = "blockmover.io/source-content";

  /** On our content: the uid of the VolumeSnapshot that Velero made. */
  static final String UID = "blockmover.io/source-snapshot-uid";

  /** On our content: the size of the volume, as the source's content said. */
  static final String SIZE = "blockmover.io/restore-size";

  private static final String DELETE = "Delete";
  private static final String RETAIN = "Retain";

  private final ClusterObjects objects;

  SourceSnapshot(Cluster cluster) {
    this.objects = cluster.objects();
  }

  /**
   * Removes both, and leaves the storage's snapshot to our content. To be called again until it
   * says that nothing is left.
   *
   * @param name of the VolumeSnapshot; one that was made anew under it is left alone
   * @param own our content, which has the handle
   * @return whether both are gone
   */
  boolean release(ObjectName name, ClusterObject own) throws MoverException {
    String contentName = own.annotations().getOrDefault(CONTENT, "");
    Optional<ClusterObject> content =
        contentName.isEmpty() ? Optional.empty() : objects.find(ObjectKind.CONTENT, contentName);
    if (content.isPresent()) {
      setPolicy(objects, content.get(), RETAIN); // Before anything is deleted.
    }
    Optional<ClusterObject> snapshot =
        objects
            .find(ObjectKind.SNAPSHOT, name)
            .filter(found -> found.uid().equals(own.annotations().get(UID)));
    if (snapshot.isPresent()) {
      delete(snapshot.get(), name.namespace());
      return false; // Its content belongs to it until it is gone.
    }
    if (content.isPresent() && !content.get().deleting()) {
      objects.delete(ObjectKind.CONTENT, "", content.get());
    }
    return content.isEmpty();
  }

  /** As the other one, where only our content is left to tell which they were. */
  void release(ClusterObject own) throws MoverException {
    String contentName = own.annotations().getOrDefault(CONTENT, "");
    Optional<ClusterObject> content =
        contentName.isEmpty() ? Optional.empty() : objects.find(ObjectKind.CONTENT, contentName);
    Optional<ObjectName> snapshot =
        content.flatMap(
            found ->
                ObjectName.parse(
                    found.text("spec", "volumeSnapshotRef", "namespace").orElse("")
                        + "/"
                        + found.text("spec", "volumeSnapshotRef", "name").orElse("")));
    if (snapshot.isPresent()) {
      release(snapshot.get(), own);
    }
  }

  /**
   * Removes both and the storage's snapshot, which nothing of ours stands for.
   *
   * @return whether the VolumeSnapshot is gone
   */
  boolean destroy(ObjectName name) throws MoverException {
    Optional<ClusterObject> snapshot = objects.find(ObjectKind.SNAPSHOT, name);
    if (snapshot.isEmpty()) {
      return true;
    }
    Optional<String> contentName = snapshot.get().text("status", "boundVolumeSnapshotContentName");
    if (contentName.isPresent() && !snapshot.get().deleting()) {
      Optional<ClusterObject> content = objects.find(ObjectKind.CONTENT, contentName.get());
      if (content.isPresent()) {
        setPolicy(objects, content.get(), DELETE);
      }
    }
    delete(snapshot.get(), name.namespace());
    return false;
  }

  private void delete(ClusterObject snapshot, String namespace) throws MoverException {
    if (!snapshot.deleting()) {
      objects.delete(ObjectKind.SNAPSHOT, namespace, snapshot);
    }
  }

  /** Says whether the storage's snapshot goes with a content. */
  static void setPolicy(ClusterObjects objects, ClusterObject content, String policy)
      throws MoverException {
    if (!content.text("spec", "deletionPolicy").orElse("").equals(policy)) {
      objects.patch(
          ObjectKind.CONTENT, "", content.name(), Map.of("spec", Map.of("deletionPolicy", policy)));
    }
  }
}
