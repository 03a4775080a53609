package io.blockmover.engine.backup;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.repository.Repository;
import io.blockmover.repository.gc.Condemned;
import io.blockmover.repository.gc.GcReader;
import io.blockmover.repository.index.ChunkIndex;
import io.blockmover.repository.index.IndexRules;
import io.blockmover.repository.index.IndexSegment;
import io.blockmover.repository.pack.ChunkId;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chunks that earlier backups of any volume stored, by the repository's index. Opened when the
 * first new chunk is met; a bounded number of segments is asked, the newest ones. Thread-safe.
 */
final class RepositoryChunks implements Deduplication.KnownChunks {

  private static final Logger LOG = LoggerFactory.getLogger(RepositoryChunks.class);

  /** Each costs a request when it is opened and memory for its filter. */
  private static final int MAX_SEGMENTS = 12;

  /** Condemned packs held in memory; segments from before the lists that fit are not used. */
  private static final int MAX_CONDEMNED = 128 << 10;

  /** Other things may lie there; they are nobody's business. */
  private static final Pattern SEGMENT_KEY =
      Pattern.compile("i/(0|[1-9][0-9]{0,8})/[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{8}");

  private final Repository repository;
  private final long filterBytes;
  private final Set<PackName> forbidden;
  private @Nullable ChunkIndex index;

  /**
   * @param forbidden packs that must not be referred to, whatever the index says
   */
  RepositoryChunks(Repository repository, long filterBytes, Set<PackName> forbidden) {
    this.repository = repository;
    this.filterBytes = filterBytes;
    this.forbidden = forbidden;
  }

  @Override
  public @Nullable ChunkLocation find(ChunkId id, int plainLength) throws MoverException {
    ChunkLocation found = index().find(id.a(), id.b());
    return found == null || found.plainLength() != plainLength || forbidden.contains(found.pack())
        ? null
        : found;
  }

  private synchronized ChunkIndex index() throws MoverException {
    if (index == null) {
      index = open();
    }
    return index;
  }

  private ChunkIndex open() throws MoverException {
    List<ObjectSummary> newest = newestSegments();
    List<IndexSegment> segments = new ArrayList<>();
    for (ObjectSummary object : newest) {
      try {
        segments.add(open(object));
      } catch (CorruptData | ObjectNotFound e) {
        LOG.warn(
            "index segment {} is passed over, what only it knows is stored again: {}",
            object.key(),
            e.toString());
      }
    }
    ChunkIndex opened = ChunkIndex.of(segments, filterBytes, rules(segments));
    if (!opened.leftOut().isEmpty()) {
      LOG.info("{} index segments do not fit into memory", opened.leftOut().size());
    }
    return opened;
  }

  private IndexSegment open(ObjectSummary object) throws MoverException {
    String[] parts = object.key().split("/", -1);
    PackReference pack = new PackReference(PackName.parse(parts[2]), object.sizeBytes());
    return IndexSegment.open(repository.metadata(), pack, Integer.parseInt(parts[1]));
  }

  private List<ObjectSummary> newestSegments() throws MoverException {
    List<ObjectSummary> all = new ArrayList<>();
    ObjectStore.ObjectListing listing = repository.store().list("i/", "");
    for (Optional<ObjectSummary> next = listing.next(); next.isPresent(); next = listing.next()) {
      if (SEGMENT_KEY.matcher(next.get().key()).matches()) {
        all.add(next.get());
      }
      if (all.size() > 4 * MAX_SEGMENTS) {
        keepNewest(all);
      }
    }
    keepNewest(all);
    return all;
  }

  private static void keepNewest(List<ObjectSummary> all) {
    all.sort(Comparator.comparing(ObjectSummary::lastModified).reversed());
    all.subList(Math.min(MAX_SEGMENTS, all.size()), all.size()).clear();
  }

  /** Stricter than the protocol asks for: whatever any list names since the oldest segment. */
  private IndexRules rules(List<IndexSegment> segments) throws MoverException {
    if (segments.isEmpty()) {
      return IndexRules.withoutCollection();
    }
    long lowest = segments.stream().mapToLong(IndexSegment::asOf).min().orElse(0);
    Condemned read = new GcReader(repository.documents()).latest(lowest, MAX_CONDEMNED);
    long floor = read.floor();
    Set<PackName> condemned = read.packs();
    return new IndexRules() {
      @Override
      public boolean usable(long asOf) {
        return asOf >= floor;
      }

      @Override
      public boolean usable(PackName pack, long asOf) {
        return !condemned.contains(pack);
      }
    };
  }
}
