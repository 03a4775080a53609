package io.blockmover.ceph.rbd.tracking;

import io.blockmover.api.Extent;
import io.blockmover.ceph.rbd.ImageIdentity;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import io.blockmover.ceph.rbd.librbd.DiffQuery;
import io.blockmover.ceph.rbd.librbd.RbdImage;
import io.blockmover.ceph.rbd.librbd.RbdPool;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Threads that ask about parts of one image at once, each by an owner of its own: one that is
 * shared would line them up.
 */
final class DiffTeam implements AutoCloseable {

  private final RbdPool pool;
  private final ImageIdentity snapshot;
  private final Queue<RbdImage> idle = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads;
  private volatile boolean cancelled;

  /**
   * @param snapshot the later end of the diffs
   */
  DiffTeam(ClusterConnection connection, ImageIdentity snapshot, int size) throws CephFailure {
    this.pool = connection.pool(snapshot.poolId(), snapshot.namespace());
    this.snapshot = snapshot;
    this.threads =
        Executors.newFixedThreadPool(
            size, Thread.ofPlatform().name("ceph-diff-", 0).daemon().factory());
  }

  /**
   * What one part answered.
   *
   * @param to up to where; less than asked for if there was too much to keep
   * @param finishedNanos when
   */
  record Answer(SliceExtents extents, long to, long finishedNanos) {}

  /** Asks; the future fails with {@link CephFailure}. */
  Future<Answer> ask(DiffQuery query, int mostExtents) {
    return threads.submit(() -> answer(query, mostExtents));
  }

  private Answer answer(DiffQuery query, int mostExtents) throws CephFailure {
    RbdImage image = idle.poll();
    if (image == null) {
      image = pool.openReadOnlyById(snapshot.imageId(), snapshot.snapshotId());
    }
    try {
      Extent range = query.range();
      SliceExtents extents = new SliceExtents(range, mostExtents, () -> cancelled);
      boolean all = image.diff(query, extents);
      return new Answer(extents, all ? range.end() : extents.toldTo(), System.nanoTime());
    } finally {
      idle.add(image);
    }
  }

  /** Ends what runs at its next extent, waits for it, and closes what was opened. */
  @Override
  public void close() {
    cancelled = true;
    threads.close();
    pool.close();
  }
}
