package io.blockmover.ceph.rbd.librbd;

/** The namespace of a snapshot: who made it, and what became of it. */
public sealed interface SnapshotKind {

  /** Made by a person or a CSI driver; can be named. */
  record User() implements SnapshotKind {}

  /**
   * One of a group snapshot.
   *
   * @param poolId of the group
   */
  record Group(long poolId, String group, String groupSnapshot) implements SnapshotKind {}

  /**
   * Removed, and kept because of its clones. Its name is a random one now.
   *
   * @param originalName when it was a user's
   */
  record Trash(String originalName) implements SnapshotKind {}

  /** Made by mirroring. */
  record Mirror() implements SnapshotKind {}

  /**
   * Of a kind that is unknown here.
   *
   * @param type librbd's number
   */
  record Other(int type) implements SnapshotKind {}
}
