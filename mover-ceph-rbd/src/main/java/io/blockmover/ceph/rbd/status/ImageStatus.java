package io.blockmover.ceph.rbd.status;

import io.blockmover.ceph.rbd.ImageIdentity;
import io.blockmover.ceph.rbd.librbd.ImageFeature;
import io.blockmover.ceph.rbd.librbd.ImageFlag;
import io.blockmover.ceph.rbd.librbd.ImageSnapshot;
import io.blockmover.ceph.rbd.librbd.SnapshotKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An image at one moment.
 *
 * @param name pool, namespace and image
 * @param snapshots of all namespaces, ascending by id
 * @param ancestors what it is a clone of, nearest first
 */
public record ImageStatus(
    ImageIdentity identity,
    String name,
    long sizeBytes,
    long objectBytes,
    Set<ImageFeature> features,
    Set<ImageFlag> flags,
    List<ImageSnapshot> snapshots,
    List<Ancestor> ancestors) {

  /**
   * An image that another one shows through to.
   *
   * @param inTrash whether it was removed and is kept because of its clones
   */
  public record Ancestor(String image, String snapshot, boolean inTrash) {}

  public ImageStatus {
    features = Set.copyOf(features);
    flags = Set.copyOf(flags);
    snapshots = List.copyOf(snapshots);
    ancestors = List.copyOf(ancestors);
  }

  /** How deep a clone it is, counted as ceph-csi does: only ancestors that have a name. */
  public int cloneDepth() {
    int depth = 0;
    for (Ancestor ancestor : ancestors) {
      if (ancestor.inTrash()) {
        break;
      }
      depth++;
    }
    return depth;
  }

  /** How many snapshots there are of each kind; kinds without any are left out. */
  public Map<String, Long> snapshotsByKind() {
    Map<String, Long> counts = new TreeMap<>();
    snapshots.forEach(snapshot -> counts.merge(kind(snapshot.kind()), 1L, Long::sum));
    return counts;
  }

  /** The namespace of a snapshot, a word. */
  public static String kind(SnapshotKind kind) {
    return switch (kind) {
      case SnapshotKind.User() -> "user";
      case SnapshotKind.Group _ -> "group";
      case SnapshotKind.Trash _ -> "trash";
      case SnapshotKind.Mirror() -> "mirror";
      case SnapshotKind.Other _ -> "other";
    };
  }

  /**
   * Whether it looks like the image of a VolumeSnapshot (ceph-csi gives its own snapshot the
   * image's name) that was cut off from the volume it was taken of.
   */
  public boolean isFlattenedSnapshot() {
    String image = name.substring(name.lastIndexOf('/') + 1);
    return ancestors.isEmpty()
        && snapshots.stream()
            .anyMatch(it -> it.kind() instanceof SnapshotKind.User && it.name().equals(image));
  }
}
