package io.blockmover.repository.catalogue;

import io.blockmover.api.MoverException;
import io.blockmover.repository.Repository;
import io.blockmover.repository.document.Json;
import io.blockmover.repository.head.HeadState;
import io.blockmover.repository.head.HeadStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers HEADs in segments after a commit or forget, and merges segments: at most four of level
 * 0, and as a rule one of each higher level, each level several times larger than the one below. So
 * a row is rewritten a logarithmic number of times. All of it is a cache; failures are logged.
 */
public final class CatalogueWriter {

  private static final Logger LOG = LoggerFactory.getLogger(CatalogueWriter.class);
  private static final int MAX_LEVEL_0 = 4;
  private static final int GROWTH = 8;

  /** Backups that a merge holds in memory. */
  private static final int MAX_MERGED_ROWS = 30_000;

  /** Well below the limit of a document. */
  private static final int MAX_SEGMENT_BYTES = 8 << 20;

  private static final int ENVELOPE_BYTES = 1024;

  private final Repository repository;
  private final SegmentStore segments;

  public CatalogueWriter(Repository repository) {
    this.repository = repository;
    this.segments = new SegmentStore(repository);
  }

  /** Remembers a HEAD that was just written or read. */
  public void record(HeadState state) {
    remember(List.of(CatalogueRow.of(state)));
  }

  /** Remembers many HEADs at once. */
  void remember(List<CatalogueRow> rows) {
    try {
      write(0, rows);
      mergeIfDue();
    } catch (MoverException | RuntimeException e) {
      // The commit before has succeeded; nothing here may make a failure of it.
      LOG.warn("the catalogue was not updated; lists will be slower: {}", e.toString());
    }
  }

  /** Writes as many segments as it takes; a row too large for any is left out. */
  private void write(int level, List<CatalogueRow> rows) throws MoverException {
    List<CatalogueRow> segment = new ArrayList<>();
    long bytes = 0;
    for (CatalogueRow row : rows) {
      long rowBytes = Json.write(row).length + 1L;
      if (rowBytes > MAX_SEGMENT_BYTES - ENVELOPE_BYTES) {
        LOG.debug("{} bytes are too many for a row of the catalogue", rowBytes);
        continue;
      }
      if (bytes + rowBytes > MAX_SEGMENT_BYTES - ENVELOPE_BYTES) {
        writeSegment(level, segment);
        segment.clear();
        bytes = 0;
      }
      segment.add(row);
      bytes += rowBytes;
    }
    if (!segment.isEmpty()) {
      writeSegment(level, segment);
    }
  }

  private void writeSegment(int level, List<CatalogueRow> rows) throws MoverException {
    repository
        .documents()
        .putIfAbsent(
            CatalogueSegment.key(level, repository.random().name()),
            new CatalogueSegment(CatalogueSegment.VERSION, rows));
  }

  private void mergeIfDue() throws MoverException {
    Map<Integer, List<String>> levels = new TreeMap<>();
    for (String key : segments.keys()) {
      levels.computeIfAbsent(CatalogueSegment.levelOf(key), l -> new ArrayList<>()).add(key);
    }
    if (levels.getOrDefault(0, List.of()).size() <= MAX_LEVEL_0) {
      return;
    }
    List<String> merged = new ArrayList<>();
    Map<String, CatalogueRow> rows = new TreeMap<>();
    int level = 0;
    // Swallow level after level until the result fits into one.
    while (true) {
      for (String key : levels.getOrDefault(level, List.of())) {
        if (size(rows) <= MAX_MERGED_ROWS / 2) {
          segments.readInto(rows, key);
          merged.add(key);
        }
      }
      if (level > 0 && (size(rows) <= capacity(level) || size(rows) > MAX_MERGED_ROWS / 2)) {
        break;
      }
      level++;
    }
    write(level, complete(rows));
    repository.store().deleteAll(merged);
  }

  private static int size(Map<String, CatalogueRow> rows) {
    return rows.values().stream().mapToInt(CatalogueRow::size).sum();
  }

  private static long capacity(int level) {
    long capacity = GROWTH * GROWTH;
    for (int i = 1; i < level && capacity < Integer.MAX_VALUE; i++) {
      capacity *= GROWTH;
    }
    return capacity;
  }

  /** Lists of older backups are read here once, and not by each listing. */
  private List<CatalogueRow> complete(Map<String, CatalogueRow> rows) throws MoverException {
    HeadStore heads = new HeadStore(repository);
    List<CatalogueRow> result = new ArrayList<>();
    for (CatalogueRow row : rows.values()) {
      CatalogueRow complete = row;
      if (!row.isComplete()) {
        try {
          complete = row.withOlderBackups(heads.olderBackups(row.older()));
        } catch (MoverException e) {
          LOG.debug("{} is of the past: {}", row.older(), e.getMessage());
          continue;
        }
      }
      result.add(complete);
    }
    return result;
  }
}
