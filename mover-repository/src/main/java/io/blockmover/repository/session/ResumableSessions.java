package io.blockmover.repository.session;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.repository.Repository;
import io.blockmover.repository.gc.GcReader;
import io.blockmover.repository.head.HeadStore;
import io.blockmover.repository.head.VolumeHead;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds interrupted backups of a volume that a new run can continue. A session that only seems to
 * be dead may be continued too: both runs draw names of their own, and only one commits.
 */
public final class ResumableSessions {

  /** What a new session would work under. */
  public interface Terms {

    /** Finds out; asked only where a session is otherwise fit. */
    JournalTerms now() throws MoverException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(ResumableSessions.class);
  private static final int STALE_BEATS = 3;

  private final Repository repository;
  private final SessionHost host;
  private final LongPredicate processLives;

  /**
   * @param processLives whether a process of this host lives, by its id
   */
  public ResumableSessions(Repository repository, SessionHost host, LongPredicate processLives) {
    this.repository = repository;
    this.host = host;
    this.processLives = processLives;
  }

  /**
   * Abandoned sessions with journals or doubts whose terms fit and whose backup was never listed,
   * the newest first.
   *
   * @param source what names the source's content for ever; if null, only sessions without such a
   *     name are found, and their reader must read and compare
   * @param terms what a new session would work under
   */
  public List<ResumableSession> find(String volume, @Nullable String source, Terms terms)
      throws MoverException {
    String vol = repository.volumeId(volume).hex();
    List<ResumableSession> found = new ArrayList<>();
    for (Map.Entry<String, List<ObjectSummary>> entry : sessions().entrySet()) {
      load(entry.getKey(), entry.getValue())
          .filter(s -> s.beat().kind() == SessionKind.BACKUP && s.beat().vol().equals(vol))
          .filter(s -> Objects.equals(s.beat().source(), source))
          .filter(s -> s.beat().backup() != null && isAbandoned(s))
          .ifPresent(found::add);
    }
    if (found.isEmpty()) {
      return List.of();
    }
    long floor = new GcReader(repository.documents()).load().floor();
    JournalTerms now = terms.now();
    Set<String> settled = settled(volume);
    return found.stream()
        .filter(s -> !settled.contains(s.beat().backup()))
        .filter(s -> now.equals(s.beat().journal()) && s.beat().base() >= floor)
        .sorted(Comparator.comparing(ResumableSession::lastBeat).reversed())
        .toList();
  }

  /** Backups that were committed, by a run that did not hear of it or is not dead at all. */
  private Set<String> settled(String volume) throws MoverException {
    HeadStore heads = new HeadStore(repository);
    VolumeHead head = heads.load(volume).head();
    Set<String> ids = new HashSet<>(head.removed());
    heads.all(head).forEach(row -> ids.add(row.id()));
    return ids;
  }

  private boolean isAbandoned(ResumableSession session) {
    Beat beat = session.beat();
    if (beat.host().equals(host.name())) {
      return beat.pid() == host.pid() || !processLives.test(beat.pid());
    }
    Duration limit = host.interval().multipliedBy(STALE_BEATS);
    Instant now = repository.clock().instant();
    return session.lastBeat().plus(limit).isBefore(now);
  }

  private Map<String, List<ObjectSummary>> sessions() throws MoverException {
    Map<String, List<ObjectSummary>> sessions = new LinkedHashMap<>();
    ObjectStore.ObjectListing listing = repository.store().list("w/", "");
    for (Optional<ObjectSummary> found = listing.next();
        found.isPresent();
        found = listing.next()) {
      String[] parts = found.get().key().split("/", -1);
      if (parts.length == 3) {
        sessions.computeIfAbsent(parts[1], s -> new ArrayList<>()).add(found.get());
      }
    }
    return sessions;
  }

  private Optional<ResumableSession> load(String session, List<ObjectSummary> objects)
      throws MoverException {
    List<String> journals = new ArrayList<>();
    Optional<Instant> lastBeat = Optional.empty();
    for (ObjectSummary object : objects) {
      if (object.key().equals(Beat.key(session))) {
        lastBeat = Optional.of(object.lastModified());
      } else if (object.key().equals(SessionObjects.journalKey(session, journals.size()))) {
        journals.add(object.key());
      }
    }
    if (lastBeat.isEmpty()) {
      return Optional.empty();
    }
    try {
      Beat beat = repository.documents().load(Beat.key(session), Beat.class);
      if (journals.isEmpty() && beat.doubt() == null) {
        return Optional.empty(); // it knows nothing that a new session would not find out
      }
      return Optional.of(new ResumableSession(session, beat, journals, lastBeat.get()));
    } catch (ObjectNotFound e) {
      return Optional.empty(); // ended meanwhile
    } catch (CorruptData e) {
      LOG.warn("Session {} cannot be continued: {}", session, e.getMessage());
      return Optional.empty();
    }
  }
}
