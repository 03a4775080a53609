package io.blockmover.ceph.rbd.volume;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.TargetRefused;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.api.source.TargetTerms;
import io.blockmover.ceph.rbd.ImageIdentity;
import io.blockmover.ceph.rbd.RbdSpec;
import io.blockmover.ceph.rbd.librbd.CephErrno;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import io.blockmover.ceph.rbd.librbd.DiffMode;
import io.blockmover.ceph.rbd.librbd.DiffQuery;
import io.blockmover.ceph.rbd.librbd.ImageWatcher;
import io.blockmover.ceph.rbd.librbd.RbdImage;
import io.blockmover.ceph.rbd.librbd.RbdPool;
import java.util.List;

/** Opens an image to be written after all checks; nothing is changed before the last of them. */
final class TargetOpening {

  private final ClusterConnection connection;
  private final RbdSpec spec;
  private final String name;
  private final TargetTerms terms;
  private final ImageCreation creation;
  private final SteadyImage.Reopening reopening;

  /**
   * @param name what the user calls it
   * @param reopening for a look only
   */
  TargetOpening(
      ClusterConnection connection,
      RbdSpec spec,
      String name,
      TargetTerms terms,
      ImageCreation creation,
      SteadyImage.Reopening reopening) {
    this.connection = connection;
    this.spec = spec;
    this.name = name;
    this.terms = terms;
    this.creation = creation;
    this.reopening = reopening;
  }

  /** Opens it; the connection belongs to the target then. */
  BlockTarget open() throws MoverException {
    try {
      RbdPool pool = connection.pool(spec.pool(), spec.namespace());
      boolean made = makeIfMissing(pool);
      RbdImage head = pool.openReadOnly(spec.image());
      long size = head.sizeBytes();
      if (terms.readOnly()) {
        return new LookedAtTarget(look(pool, head, size));
      }
      requireRoom(size);
      requireUnused(head);
      head.close();
      // Locked first: what is found empty must still be so when the restore leaves holes in it.
      RbdImage image = pool.openForWriting(spec.image());
      lock(image);
      boolean empty = made || isEmpty(image, size);
      if (!empty && !terms.force()) {
        throw new TargetRefused(
            name + " exists and holds data",
            "give --force to overwrite it, after making sure that it is the right one");
      }
      return new RbdTarget(name, new OpenImage(connection, pool, image), size, empty);
    } catch (CephFailure e) {
      throw failed(e);
    }
  }

  private RbdSource look(RbdPool pool, RbdImage head, long size) throws CephFailure {
    ImageIdentity identity =
        new ImageIdentity(
            connection.fsid(), pool.id(), spec.namespace(), head.id(), ImageIdentity.HEAD);
    OpenImage open = new OpenImage(connection, pool, head);
    return new RbdSource(name, new SteadyImage(identity, open, reopening), size, List.of());
  }

  private boolean makeIfMissing(RbdPool pool) throws CephFailure, MoverException {
    if (pool.images().stream().anyMatch(image -> image.name().equals(spec.image()))) {
      return false;
    }
    if (!terms.create()) {
      throw new TargetRefused(
          name + " does not exist",
          terms.readOnly()
              ? "a dry run needs a target that is there: it makes none"
              : "check the name, or give --create to make it");
    }
    pool.create(creation.image(spec.image(), terms.sizeBytes()));
    return true;
  }

  private void requireRoom(long size) throws TargetRefused {
    if (size < terms.sizeBytes()) {
      throw new TargetRefused(
          name + " has " + size + " bytes, the backup " + terms.sizeBytes(),
          "`rbd resize --size %dB %s`, or give another image".formatted(terms.sizeBytes(), spec));
    }
  }

  /** Whoever has an image open for writing watches it: a mapped device, a virtual machine. */
  private void requireUnused(RbdImage head) throws CephFailure, TargetRefused {
    List<ImageWatcher> watchers = head.watchers();
    if (!watchers.isEmpty()) {
      throw new TargetRefused(
          name + " is in use by " + watchers.getFirst().address(),
          "unmap it or stop the machine first; `rbd status " + spec + "` lists who uses it");
    }
  }

  /** Whether nothing is allocated, in it or in what it was cloned from. */
  private static boolean isEmpty(RbdImage head, long size) throws CephFailure {
    return size == 0
        || head.diff(
            new DiffQuery(DiffQuery.BEGINNING, new Extent(0, size), DiffMode.EXACT),
            (offset, length, exists) -> !exists);
  }

  /** Nobody else may write while we do; without the feature there is no such lock, but watchers. */
  private void lock(RbdImage image) throws CephFailure, TargetRefused {
    try {
      image.acquireLock();
    } catch (CephFailure e) {
      if (e.errno() != CephErrno.BAD_RANGE) {
        throw e;
      }
      if (image.watchers().size() > 1) {
        throw new TargetRefused(
            name + " was opened by somebody else at the same time",
            "`rbd status " + spec + "` lists who uses it; run again when it is unused",
            e);
      }
    }
  }

  private MoverException failed(CephFailure e) {
    return switch (e.errno()) {
      case BUSY, READ_ONLY ->
          new TargetRefused(
              name + " cannot be written: " + e.getMessage(),
              "find who uses it with `rbd status "
                  + spec
                  + "`; the copy of a mirrored image must be"
                  + " promoted first",
              e);
      case EXISTS ->
          new TargetRefused(name + " was made by somebody else meanwhile", "run again", e);
      default -> e.asDeviceFailure();
    };
  }
}
