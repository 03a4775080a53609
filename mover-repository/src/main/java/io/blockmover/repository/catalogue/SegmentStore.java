package io.blockmover.repository.catalogue;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.repository.Repository;
import io.blockmover.repository.head.BackupRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads segments. They are a cache: what is gone or damaged is passed over. */
final class SegmentStore {

  private static final Logger LOG = LoggerFactory.getLogger(SegmentStore.class);

  private final Repository repository;

  SegmentStore(Repository repository) {
    this.repository = repository;
  }

  List<String> keys() throws MoverException {
    List<String> keys = new ArrayList<>();
    ObjectStore.ObjectListing listing = repository.store().list(CatalogueSegment.PREFIX, "");
    for (Optional<ObjectSummary> found = listing.next();
        found.isPresent();
        found = listing.next()) {
      if (CatalogueSegment.levelOf(found.get().key()) >= 0) {
        keys.add(found.get().key());
      }
    }
    return keys;
  }

  /** Adds a segment's rows to those known; of one volume, the row of the highest seq stays. */
  void readInto(Map<String, CatalogueRow> rows, String key) throws MoverException {
    try {
      for (CatalogueRow row : repository.documents().load(key, CatalogueSegment.class).volumes()) {
        rows.merge(row.vol(), row, SegmentStore::newer);
      }
    } catch (ObjectNotFound e) {
      LOG.debug("segment {} was merged meanwhile", key);
    } catch (CorruptData e) {
      LOG.warn("a catalogue segment is passed over, nothing is lost: {}", e.getMessage());
    }
  }

  private static CatalogueRow newer(CatalogueRow a, CatalogueRow b) {
    CatalogueRow newer = a.seq() >= b.seq() ? a : b;
    CatalogueRow other = a.seq() >= b.seq() ? b : a;
    List<BackupRow> known = other.olderBackups();
    String older = newer.older();
    // A list is immutable: what is known of it under another HEAD holds.
    return !newer.isComplete() && known != null && older != null && older.equals(other.older())
        ? newer.withOlderBackups(known)
        : newer;
  }
}
