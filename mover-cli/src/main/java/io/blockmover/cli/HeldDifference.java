package io.blockmover.cli;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.engine.fetch.HeldBackup;
import io.blockmover.repository.Repository;
import io.blockmover.repository.catalogue.FoundBackup;
import io.blockmover.repository.map.LayeredMap;
import io.blockmover.repository.map.MapDifference;
import io.blockmover.repository.session.SessionKind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The difference of two backups that are pinned as long as it is read. */
final class HeldDifference implements ExtentCursor {

  private final HeldBackup base;
  private final HeldBackup target;
  private LayeredMap baseMap;
  private LayeredMap targetMap;
  private ExtentCursor difference;
  private long position;

  private HeldDifference(HeldBackup base, HeldBackup target) throws MoverException {
    this.base = base;
    this.target = target;
    this.baseMap = base.map();
    this.targetMap = target.map();
    this.difference = MapDifference.between(baseMap, targetMap, 0);
  }

  /**
   * Pins both.
   *
   * @throws io.blockmover.api.BackupNotFound if one was forgotten in the meantime
   */
  static HeldDifference open(Repository repository, FoundBackup from, FoundBackup to)
      throws MoverException {
    HeldBackup base = HeldBackup.open(repository, SessionKind.VERIFY, from);
    HeldBackup target = null;
    try {
      target = HeldBackup.open(repository, SessionKind.VERIFY, to);
      return new HeldDifference(base, target);
    } catch (MoverException | RuntimeException e) {
      if (target != null) {
        target.close();
      }
      base.close();
      throw e;
    }
  }

  @Override
  public @Nullable Extent next() throws MoverException {
    while (true) {
      try {
        Extent next = difference.next();
        position = next == null ? position : next.end();
        return next;
      } catch (ObjectNotFound e) {
        goOnElsewhere(e);
      }
    }
  }

  /** A map that was written anew meanwhile says the same from where this one ended. */
  private void goOnElsewhere(ObjectNotFound missing) throws MoverException {
    Optional<LayeredMap> newBase = base.mapInsteadOf(baseMap, missing);
    Optional<LayeredMap> newTarget = target.mapInsteadOf(targetMap, missing);
    if (newBase.isEmpty() && newTarget.isEmpty()) {
      throw missing;
    }
    baseMap = newBase.orElse(baseMap);
    targetMap = newTarget.orElse(targetMap);
    difference = MapDifference.between(baseMap, targetMap, position);
  }

  @Override
  public void close() {
    difference.close();
    target.close();
    base.close();
  }
}
