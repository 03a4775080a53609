package io.blockmover.ceph.rbd.status;

import io.blockmover.ceph.rbd.librbd.ImageFeature;
import java.util.ArrayList;
import java.util.List;

/**
 * What will go wrong next with an image's backups, in words. The limits are ceph-csi's defaults; an
 * operator can have set others.
 */
public final class Outlook {

  /** From here on, snapshots are worth a word. */
  static final int MANY_SNAPSHOTS = 200;

  /** Above it, ceph-csi flattens clones of the newest snapshots. */
  static final int MIN_SNAPSHOTS_ON_IMAGE = 250;

  /** Above it, ceph-csi flattens all clones and refuses new snapshots. */
  static final int MAX_SNAPSHOTS_ON_IMAGE = 450;

  /** From it on, ceph-csi flattens in the background. */
  static final int SOFT_CLONE_DEPTH = 4;

  /** From it on, ceph-csi refuses until it has flattened. */
  static final int HARD_CLONE_DEPTH = 8;

  private Outlook() {}

  /** Sentences; none if all is well. */
  public static List<String> of(ImageStatus image) {
    List<String> sentences = new ArrayList<>();
    snapshots(image.snapshots().size(), sentences);
    depth(image.cloneDepth(), sentences);
    if (image.isFlattenedSnapshot()) {
      sentences.add(
          "it was flattened: nothing tells what changed before or after it, so that its backup, and"
              + " the next one of its volume, read everything and compare");
    } else if (!image.ancestors().isEmpty() && !hasOwnSnapshot(image)) {
      sentences.add(
          "it is a clone of "
              + image.ancestors().getFirst().image()
              + ": newer versions of ceph-csi flatten that when a snapshot of this is taken, and then it is"
              + " no base for a delta any more");
    }
    if (!image.flags().isEmpty()) {
      sentences.add(
          "its object map is marked invalid: exact deltas do not use it, those by whole objects do;"
              + " `rbd object-map rebuild "
              + image.name()
              + "` mends it");
    }
    if (image.features().contains(ImageFeature.MIGRATING)) {
      sentences.add("it is being migrated: back up its snapshots after `rbd migration commit`");
    }
    return sentences;
  }

  private static boolean hasOwnSnapshot(ImageStatus image) {
    String own = image.name().substring(image.name().lastIndexOf('/') + 1);
    return image.snapshots().stream().anyMatch(snapshot -> snapshot.name().equals(own));
  }

  private static void snapshots(int count, List<String> sentences) {
    if (count > MAX_SNAPSHOTS_ON_IMAGE) {
      sentences.add(
          count
              + " snapshots, more than "
              + MAX_SNAPSHOTS_ON_IMAGE
              + ": ceph-csi flattens all that were cloned from it and refuses new ones; delete old"
              + " VolumeSnapshots");
    } else if (count > MIN_SNAPSHOTS_ON_IMAGE) {
      sentences.add(
          count
              + " snapshots, more than "
              + MIN_SNAPSHOTS_ON_IMAGE
              + ": ceph-csi flattens the newest, and backups based on them read everything; delete"
              + " old VolumeSnapshots");
    } else if (count >= MANY_SNAPSHOTS) {
      sentences.add(
          count
              + " snapshots: above "
              + MIN_SNAPSHOTS_ON_IMAGE
              + " ceph-csi flattens the newest, which are the bases of the next backups");
    }
  }

  private static void depth(int depth, List<String> sentences) {
    if (depth >= HARD_CLONE_DEPTH) {
      sentences.add(
          "clone depth "
              + depth
              + ": from "
              + HARD_CLONE_DEPTH
              + " on ceph-csi makes no snapshot or clone of it before it is flattened");
    } else if (depth >= SOFT_CLONE_DEPTH) {
      sentences.add(
          "clone depth "
              + depth
              + ": from "
              + SOFT_CLONE_DEPTH
              + " on ceph-csi flattens in the background, and a flattened snapshot has no delta");
    } else if (depth == SOFT_CLONE_DEPTH - 1) {
      sentences.add(
          "clone depth "
              + depth
              + ": a clone of it reaches "
              + SOFT_CLONE_DEPTH
              + ", where ceph-csi begins to flatten; restore to new volumes and not to clones");
    }
  }
}
