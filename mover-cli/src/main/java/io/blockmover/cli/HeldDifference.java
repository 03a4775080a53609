package io.blockmover.cli;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.engine.fetch.HeldBackup;
import io.blockmover.repository.Repository;
import io.blockmover.repository.catalogue.FoundBackup;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.map.LayeredMap;
import io.blockmover.repository.map.MapDifference;
import io.blockmover.repository.session.SessionKind;
import org.jspecify.annotations.Nullable;

/** The difference of two backups that are pinned as long as it is read. */
final class HeldDifference implements ExtentCursor {

  private final HeldBackup base;
  private final HeldBackup target;
  private final ExtentCursor difference;

  private HeldDifference(HeldBackup base, HeldBackup target, ExtentCursor difference) {
    this.base = base;
    this.target = target;
    this.difference = difference;
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
      ExtentCursor difference =
          MapDifference.between(
              map(repository, base.manifest()), map(repository, target.manifest()), 0);
      return new HeldDifference(base, target, difference);
    } catch (MoverException | RuntimeException e) {
      if (target != null) {
        target.close();
      }
      base.close();
      throw e;
    }
  }

  private static LayeredMap map(Repository repository, Manifest manifest) throws MoverException {
    return new LayeredMap(repository.metadata(), manifest.map(), manifest.volumeBytes());
  }

  @Override
  public @Nullable Extent next() throws MoverException {
    return difference.next();
  }

  @Override
  public void close() {
    difference.close();
    target.close();
    base.close();
  }
}
