package io.blockmover.repository.gc;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.repository.Repository;
import io.blockmover.repository.index.IndexSegment;
import io.blockmover.repository.index.IndexSegmentWriter;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackNames;
import io.blockmover.repository.pack.PackReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges small index segments, for a backup asks only some; and writes those anew that are good as
 * of an epoch whose lists are about to be dropped (G8). What is merged is good as of the epoch that
 * was final before: no entry is taken that a list condemned since. Memory holds one new segment.
 */
final class IndexMerge {

  private static final Logger LOG = LoggerFactory.getLogger(IndexMerge.class);
  private static final Pattern KEY =
      Pattern.compile("i/(0|[1-9][0-9]{0,8})/([0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{8})");
  private static final int LEVEL = 1;
  private static final int PAGE_ROWS = 2048;
  private static final int MAX_CONDEMNED = 128 << 10;

  private final Repository repository;
  private final Sweep sweep;
  private final GcLimits limits;
  private final PackNames names;
  private IndexSegmentWriter writer = new IndexSegmentWriter();
  private int rows;
  private final List<String> sources = new ArrayList<>();
  private int gone;

  private record Segment(String key, int level, PackReference pack) {}

  IndexMerge(Repository repository, Sweep sweep, GcLimits limits) {
    this.repository = repository;
    this.sweep = sweep;
    this.limits = limits;
    ByteBuffer name = ByteBuffer.wrap(repository.random().bytes(24));
    this.names = new PackNames(name.getLong(), name.getLong(), name.getLong());
  }

  /**
   * Merges.
   *
   * @param floor that is about to be set
   * @return how many segments were replaced or dropped
   */
  int run(long floor) throws MoverException {
    GcReader reader = new GcReader(repository.documents());
    GcHead head = reader.load();
    List<Segment> segments = list();
    segments.removeIf(
        segment ->
            floor <= head.floor() && segment.pack().sizeBytes() >= limits.fullSegmentBytes());
    if (floor <= head.floor() && segments.size() <= limits.smallSegments()) {
      return 0;
    }
    Condemned condemned = reader.latest(head.floor(), MAX_CONDEMNED);
    for (Segment segment : segments) {
      try {
        take(segment, head, floor, condemned);
      } catch (CorruptData | ObjectNotFound e) {
        LOG.warn("index segment {} stays as it is: {}", segment.key(), e.toString());
      }
    }
    put(head.finalEpoch());
    return gone;
  }

  private List<Segment> list() throws MoverException {
    List<Segment> segments = new ArrayList<>();
    ObjectStore.ObjectListing listing = repository.store().list("i/", "");
    for (Optional<ObjectSummary> found = listing.next();
        found.isPresent();
        found = listing.next()) {
      Matcher matcher = KEY.matcher(found.get().key());
      if (matcher.matches()) {
        PackName name = PackName.parse(matcher.group(2));
        segments.add(
            new Segment(
                found.get().key(),
                Integer.parseInt(matcher.group(1)),
                new PackReference(name, found.get().sizeBytes())));
      }
    }
    return segments;
  }

  private void take(Segment segment, GcHead head, long floor, Condemned condemned)
      throws MoverException {
    IndexSegment opened = IndexSegment.open(repository.metadata(), segment.pack(), segment.level());
    if (opened.asOf() < head.floor()) {
      sweep.delete(List.of(segment.key())); // no lists are left to tell what of it is good
      gone++;
      return;
    }
    boolean isFull = segment.pack().sizeBytes() >= limits.fullSegmentBytes();
    if (opened.asOf() < condemned.floor() || (isFull && opened.asOf() >= floor)) {
      return;
    }
    int most = opened.pageCount() * PAGE_ROWS;
    if (rows > 0 && rows + most > IndexSegmentWriter.MAX_ENTRIES) {
      put(head.finalEpoch());
    }
    List<ChunkLocation> good = new ArrayList<>();
    for (int page = 0; page < opened.pageCount(); page++) {
      for (ChunkLocation chunk : opened.rowsOfPage(page)) {
        if (!condemned.packs().contains(chunk.pack())) {
          good.add(chunk);
        }
      }
    }
    good.forEach(writer::add);
    rows += good.size();
    sources.add(segment.key());
  }

  /** What was merged first, then what it was merged from: meanwhile both are true. */
  private void put(long asOf) throws MoverException {
    if (!writer.isEmpty()) {
      writer.finish(repository.metadata(), names.next(), LEVEL, asOf);
    }
    sweep.delete(sources);
    gone += sources.size();
    sources.clear();
    rows = 0;
    writer = new IndexSegmentWriter();
  }
}
