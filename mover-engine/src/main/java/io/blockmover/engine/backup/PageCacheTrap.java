package io.blockmover.engine.backup;

import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.engine.device.Devices;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the backup that is right and useless: a database wrote through a file system, the snapshot
 * was taken before the node flushed its cache, and the list comes back all but empty.
 */
final class PageCacheTrap {

  /** What the journal and the superblock of an idle file system come to. */
  static final long FEW_CHANGED_BYTES = 64 << 10;

  /** What a file system takes that was only just made. */
  static final long FEW_ALLOCATED_BYTES = 1 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(PageCacheTrap.class);

  private static final String ADVICE =
      """
      If it was written to, flush it before the snapshot is taken: by `sync` or \
      `fsfreeze --freeze MOUNTPOINT` where it is mounted; with Velero, by these annotations of the pod \
      (give container and mount point):
        pre.hook.backup.velero.io/container: CONTAINER
        pre.hook.backup.velero.io/command: '["/sbin/fsfreeze", "--freeze", "MOUNTPOINT"]'
        post.hook.backup.velero.io/container: CONTAINER
        post.hook.backup.velero.io/command: '["/sbin/fsfreeze", "--unfreeze", "MOUNTPOINT"]'""";

  private PageCacheTrap() {}

  /**
   * What to tell a person; empty if the list is as long as one would think, or there is no file
   * system that could hold anything back.
   *
   * @param listedBytes by the whole list
   */
  static Optional<String> warning(
      Listing.Kind kind, long listedBytes, SnapshotReference reference, BlockSource source) {
    boolean few =
        switch (kind) {
          case DELTA -> listedBytes <= FEW_CHANGED_BYTES;
          case ALLOCATED -> listedBytes <= FEW_ALLOCATED_BYTES;
          case DEVICE -> false;
        };
    if (!few) {
      return Optional.empty();
    }
    return fileSystem(reference, source)
        .map(
            holder ->
                String.format(
                    Locale.ROOT,
                    "Only %d bytes are listed as %s, of %s: what was written last may not have reached"
                        + " the storage when the snapshot was taken. %s",
                    listedBytes,
                    kind == Listing.Kind.DELTA ? "changed" : "allocated",
                    holder,
                    ADVICE));
  }

  private static Optional<String> fileSystem(SnapshotReference reference, BlockSource source) {
    if ("Filesystem".equals(reference.attributes().get(SnapshotReference.VOLUME_MODE))) {
      return Optional.of("a volume in Filesystem mode");
    }
    try {
      return Devices.recognise(source)
          .filter(found -> found.contains("file system") || found.contains("partition table"))
          .map(found -> "a volume that holds " + found);
    } catch (MoverException e) {
      LOG.info("It is not known whether the volume holds a file system: {}", e.getMessage());
      return Optional.empty();
    }
  }
}
