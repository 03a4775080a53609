package io.blockmover.repository.catalogue;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.repository.Repository;
import io.blockmover.repository.VolumeId;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.head.HeadState;
import io.blockmover.repository.head.HeadStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All backups, in few requests: segments remember HEADs, and a row of a segment counts only if LIST
 * shows the HEAD in that very version. Other HEADs are read.
 */
public final class Catalogue {

  private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);
  private static final Pattern HEAD_KEY = Pattern.compile("v/([0-9a-f]{32})/HEAD");

  /** So many HEADs read one by one are worth a segment. */
  private static final int WORTH_REMEMBERING = 16;

  private final Repository repository;
  private final HeadStore heads;

  public Catalogue(Repository repository) {
    this.repository = repository;
    this.heads = new HeadStore(repository);
  }

  /**
   * All volumes that have or had backups, by name.
   *
   * @throws CorruptData if any HEAD is damaged
   */
  public List<VolumeBackups> list() throws MoverException {
    List<CorruptData> damaged = new ArrayList<>();
    List<VolumeBackups> result = list(damaged::add);
    if (!damaged.isEmpty()) {
      throw damaged.getFirst();
    }
    return result;
  }

  /**
   * All volumes whose HEADs can be read: damage to one volume must not keep anybody from the
   * others.
   *
   * @param damaged told of each HEAD that cannot
   */
  public List<VolumeBackups> list(Consumer<CorruptData> damaged) throws MoverException {
    Map<String, CatalogueRow> known = new TreeMap<>();
    SegmentStore segments = new SegmentStore(repository);
    for (String key : segments.keys()) {
      segments.readInto(known, key);
    }
    List<CatalogueRow> learned = new ArrayList<>();
    List<VolumeBackups> result = new ArrayList<>();
    ObjectStore.ObjectListing listing = repository.store().list("v/", "");
    for (Optional<ObjectSummary> found = listing.next();
        found.isPresent();
        found = listing.next()) {
      Matcher matcher = HEAD_KEY.matcher(found.get().key());
      if (matcher.matches()) {
        VolumeId id = new VolumeId(matcher.group(1));
        CatalogueRow row = known.get(id.hex());
        try {
          if (row == null || !row.version().equals(found.get().version().value())) {
            row = read(id);
            learned.add(row);
          }
          result.add(new VolumeBackups(id, row.volume(), all(row)));
        } catch (CorruptData e) {
          damaged.accept(e);
        }
      }
    }
    remember(learned);
    result.sort((a, b) -> a.volume().compareTo(b.volume()));
    return result;
  }

  private CatalogueRow read(VolumeId id) throws MoverException {
    HeadState state = heads.load(id);
    CatalogueRow row = CatalogueRow.of(state);
    return row.older() == null ? row : row.withOlderBackups(heads.olderBackups(row.older()));
  }

  private List<BackupRow> all(CatalogueRow row) throws MoverException {
    List<BackupRow> older = row.olderBackups();
    List<BackupRow> rows = new ArrayList<>(older == null ? heads.olderBackups(row.older()) : older);
    rows.addAll(row.backups());
    return rows;
  }

  private void remember(List<CatalogueRow> learned) {
    if (learned.size() < WORTH_REMEMBERING) {
      return;
    }
    try {
      new CatalogueWriter(repository).remember(learned);
    } catch (MoverException e) {
      LOG.debug("the catalogue was not updated: {}", e.getMessage());
    }
  }
}
