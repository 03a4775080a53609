package io.blockmover.repository.repack;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.repository.Repository;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.ManifestStore;
import io.blockmover.repository.manifest.PackSize;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.usage.UsageSums;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backups of one volume that need some packs, newest first: its chunks then come in the order
 * in which the newest backup is restored.
 */
final class StoredVolume {

  private static final Logger LOG = LoggerFactory.getLogger(StoredVolume.class);

  private final Repository repository;
  private final List<BackupRow> rows;

  /**
   * @param rows all backups of the volume, oldest first
   */
  StoredVolume(Repository repository, List<BackupRow> rows) {
    this.repository = repository;
    this.rows = List.copyOf(rows);
  }

  /** What is done with a backup. */
  interface Visitor {
    void visit(BackupRow row, Manifest manifest, SortedSet<PackName> needed) throws MoverException;
  }

  /**
   * Visits each backup that needs any of the packs. One that was forgotten or replaced meanwhile is
   * passed over: its packs stay where they are.
   *
   * @param unreadable packs are added that a backup may need which cannot be read: leave these
   *     alone
   */
  void forEach(SortedSet<PackName> packs, SortedSet<PackName> unreadable, Visitor visitor)
      throws MoverException {
    UsageSums sums = new UsageSums(repository.metadata());
    for (BackupRow row : rows.reversed()) {
      try {
        Manifest manifest = new ManifestStore(repository.documents()).load(row);
        sums.moveTo(
            manifest.usage().stream().map(PackSize::reference).toList(), UsageSums.Seen.NOBODY);
        SortedSet<PackName> needed = new TreeSet<>();
        for (PackName pack : packs) {
          if (sums.of(pack) > 0) {
            needed.add(pack);
          }
        }
        if (!needed.isEmpty()) {
          visit(row, manifest, needed, unreadable, visitor);
        }
      } catch (ObjectNotFound e) {
        LOG.info("backup {} has gone meanwhile, and is passed over: {}", row.id(), e.getMessage());
      } catch (CorruptData e) {
        LOG.warn("backup {} stays in the packs it is in: {}", row.id(), e.getMessage());
      }
    }
  }

  private static void visit(
      BackupRow row,
      Manifest manifest,
      SortedSet<PackName> needed,
      SortedSet<PackName> unreadable,
      Visitor visitor)
      throws MoverException {
    try {
      visitor.visit(row, manifest, needed);
    } catch (CorruptData | ObjectNotFound e) {
      unreadable.addAll(needed);
      throw e;
    }
  }
}
