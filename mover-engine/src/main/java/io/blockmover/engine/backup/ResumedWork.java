package io.blockmover.engine.backup;

import static io.blockmover.repository.fingerprint.PieceFingerprint.PIECE_BYTES;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.repository.journal.JournalRecord;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReference;
import io.blockmover.repository.session.JournalTerms;
import io.blockmover.repository.session.ResumableSession;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what an interrupted run left, record by record, and believes a record only when all packs
 * that it names are in the store. The first one in doubt ends it, and is deleted with all after it.
 */
final class ResumedWork {

  private static final Logger LOG = LoggerFactory.getLogger(ResumedWork.class);

  private final MetadataStore store;
  private final ResumableSession session;
  private final JournalTerms terms;
  private final Set<PackName> present = new HashSet<>();
  private int records;
  private long to;
  private long packBytes;

  ResumedWork(MetadataStore store, ResumableSession session, JournalTerms terms) {
    this.store = store;
    this.session = session;
    this.terms = terms;
  }

  /** The next record, or null after the last that can be trusted. */
  @Nullable JournalRecord next() throws MoverException {
    List<String> journals = session.journals();
    if (records == journals.size()) {
      return null;
    }
    String key = journals.get(records);
    try {
      JournalRecord record = JournalRecord.read(store, key);
      requireSound(record, key);
      for (PackReference pack : record.packs()) {
        requirePresent(pack);
      }
      records++;
      to = record.to();
      return record;
    } catch (CorruptData | ObjectNotFound e) {
      LOG.warn(
          "The interrupted backup {} is continued at offset {} only: {}",
          session.beat().backup(),
          to,
          e.getMessage());
      forgetFrom(records);
      return null;
    }
  }

  private void requireSound(JournalRecord record, String key) throws CorruptData {
    boolean follows = record.from() == to || (record.from() == 0 && restartsAtAnyTime());
    boolean sound = follows && record.to() > record.from() && isBorder(record.to());
    long end = record.from();
    for (MapEntry entry : record.entries()) {
      sound &= entry.offset() >= end && entry.end() <= record.to() && isWhole(entry);
      end = entry.end();
    }
    int rows = record.fingerprints().count();
    if (rows > 0) {
      sound &= record.fingerprints().start(0) >= record.from() / PIECE_BYTES;
      sound &= (record.fingerprints().end(rows - 1) - 1) * PIECE_BYTES < record.to();
    }
    if (!sound) {
      throw new CorruptData(
          key, "what follows offset " + to, "[" + record.from() + ", " + record.to() + ")");
    }
  }

  private boolean isBorder(long offset) {
    return offset == terms.volumeBytes()
        || (offset < terms.volumeBytes() && offset % terms.chunkBytes() == 0);
  }

  /** Whether a record may begin at 0: one more pass was made over a volume that is in doubt. */
  boolean restartsAtAnyTime() {
    return session.beat().doubt() != null;
  }

  /** Whether it is zeros, or a whole chunk inside one cell: all that a journal holds. */
  private boolean isWhole(MapEntry entry) {
    return !(entry instanceof MapEntry.Data data)
        || (data.within() == 0
            && data.length() == data.location().plainLength()
            && data.offset() / terms.chunkBytes() == (data.end() - 1) / terms.chunkBytes());
  }

  private void requirePresent(PackReference pack) throws MoverException {
    if (present.contains(pack.name())) {
      return;
    }
    String key = PackKind.DATA.keyOf(pack.name());
    Optional<ObjectSummary> found = store.store().find(key);
    if (found.isEmpty()) {
      throw new ObjectNotFound(key + ", which the journal names, does not exist", "");
    }
    long sizeBytes = found.get().sizeBytes();
    if (pack.sizeBytes() != 0 && pack.sizeBytes() != sizeBytes) {
      throw new CorruptData(key, pack.sizeBytes() + " bytes", sizeBytes + " bytes");
    }
    present.add(pack.name());
    if (pack.name().session().equals(session.session())) {
      packBytes += sizeBytes;
    }
  }

  /** Backwards, so that the journal has no gap at any moment. */
  private void forgetFrom(int first) throws MoverException {
    for (int i = session.journals().size() - 1; i >= first; i--) {
      store.store().delete(session.journals().get(i));
    }
  }

  /** How many records were good so far. */
  int records() {
    return records;
  }

  /** Where they end. */
  long to() {
    return to;
  }

  /** The size of all packs that earlier runs of the session wrote and a good record names. */
  long packBytes() {
    return packBytes;
  }
}
