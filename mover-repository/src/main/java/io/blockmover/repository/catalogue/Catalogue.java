package io.blockmover.repository.catalogue;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.repository.Repository;
import io.blockmover.repository.VolumeId;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.head.HeadState;
import io.blockmover.repository.head.HeadStore;
import io.blockmover.repository.head.VolumeHead;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All backups, in few requests: segments remember HEADs, and a row of a segment counts only if LIST
 * shows the HEAD in that very version. Other HEADs are read.
 */
public final class Catalogue {

  private static final Pattern HEAD_KEY = Pattern.compile("v/([0-9a-f]{32})/HEAD");

  /** So many HEADs read one by one are worth a segment. */
  private static final int WORTH_REMEMBERING = 16;

  /** HEADs read again because they moved on while their lists were read. */
  private static final int MAX_ATTEMPTS = 4;

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
   * @param damaged told of each HEAD that cannot, of each that is remembered and gone, and of each
   *     that was set back to an older state, whose volume is listed all the same
   */
  public List<VolumeBackups> list(Consumer<CorruptData> damaged) throws MoverException {
    Map<String, CatalogueRow> known = new TreeMap<>();
    SegmentStore segments = new SegmentStore(repository);
    for (String key : segments.keys()) {
      segments.readInto(known, key);
    }
    List<CatalogueRow> learned = new ArrayList<>();
    List<VolumeBackups> result = new ArrayList<>();
    Set<String> missing = new TreeSet<>(known.keySet());
    ObjectStore.ObjectListing listing = repository.store().list("v/", "");
    for (Optional<ObjectSummary> found = listing.next();
        found.isPresent();
        found = listing.next()) {
      Matcher matcher = HEAD_KEY.matcher(found.get().key());
      if (matcher.matches()) {
        VolumeId id = new VolumeId(matcher.group(1));
        missing.remove(id.hex());
        CatalogueRow row = known.get(id.hex());
        try {
          if (row == null || !row.version().equals(found.get().version().value())) {
            HeadState head = heads.load(id);
            CatalogueRow now = complete(id, CatalogueRow.of(head));
            setBack(row, now, head).ifPresent(damaged);
            row = now;
            learned.add(row);
          } else {
            row = complete(id, row);
          }
          result.add(
              new VolumeBackups(
                  id, row.volume(), all(row), row.seq(), row.older(), found.get().lastModified()));
        } catch (CorruptData e) {
          damaged.accept(e);
        }
      }
    }
    for (String vol : missing) { // a HEAD is never deleted, not even when it names nothing
      damaged.accept(
          new CorruptData(
              "v/" + vol + "/HEAD", "a HEAD, for the catalogue remembers one", "nothing"));
    }
    remember(learned);
    result.sort((a, b) -> a.volume().compareTo(b.volume()));
    return result;
  }

  /**
   * Whether an older HEAD was put in a newer one's place, perhaps with new backups since. Segments
   * were read first, seq only grows, and a backup leaves HEAD only by being forgotten.
   */
  private static Optional<CorruptData> setBack(
      @Nullable CatalogueRow remembered, CatalogueRow now, HeadState head) {
    if (remembered == null) {
      return Optional.empty();
    }
    if (now.seq() < remembered.seq()) {
      return Optional.of(setBack(head, "seq " + remembered.seq() + " or more", "seq " + now.seq()));
    }
    List<String> removed = head.head().removed();
    if (now.seq() != head.head().seq() || removed.size() >= VolumeHead.MAX_REMOVED) {
      return Optional.empty(); // then an id may have left for good reasons
    }
    Set<String> known = new HashSet<>(removed);
    all(now).forEach(row -> known.add(row.id()));
    return remembered.backups().stream()
        .map(BackupRow::id)
        .filter(id -> !known.contains(id))
        .findFirst()
        .map(id -> setBack(head, "backup " + id, "neither it nor that it was forgotten"));
  }

  private static CorruptData setBack(HeadState head, String expected, String found) {
    return new CorruptData(head.id().headKey(), expected + ", which the catalogue remembers", found)
        .advising(
            "an older state of this object was put back, and newer backups are missing in it: put"
                + " the newest version back; to do without them, delete the segments under c/");
  }

  /** The row, or that of a later HEAD, with all its backups. */
  private CatalogueRow complete(VolumeId id, CatalogueRow known) throws MoverException {
    CatalogueRow row = known;
    for (int attempt = 1; !row.isComplete(); attempt++) {
      try {
        row = row.withOlderBackups(heads.olderBackups(row.older()));
      } catch (ObjectNotFound e) {
        if (attempt == MAX_ATTEMPTS) {
          throw e;
        }
        row = CatalogueRow.of(heads.load(id));
      }
    }
    return row;
  }

  private static List<BackupRow> all(CatalogueRow row) {
    List<BackupRow> older = row.olderBackups();
    List<BackupRow> rows = new ArrayList<>(older == null ? List.of() : older);
    rows.addAll(row.backups());
    return rows;
  }

  private void remember(List<CatalogueRow> learned) {
    if (learned.size() >= WORTH_REMEMBERING) {
      new CatalogueWriter(repository).remember(learned);
    }
  }
}
