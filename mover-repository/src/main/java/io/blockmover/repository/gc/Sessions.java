package io.blockmover.repository.gc;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.repository.Repository;
import io.blockmover.repository.session.Beat;
import io.blockmover.repository.session.SessionKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What lies under {@code w/} at one moment: who is at work, who has fallen silent, and which
 * manifests are pinned. Silence is measured by the store's clock alone.
 */
final class Sessions {

  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
  private static final Pattern KEY = Pattern.compile("w/([0-9a-f]{32})/(beat|j-[0-9a-f]{8})");

  private final Map<String, Session> atWork = new LinkedHashMap<>();
  private final Map<String, Session> silent = new LinkedHashMap<>();

  /**
   * One session.
   *
   * @param lastSign when it last wrote anything, by the store's clock
   * @param beat null if there is none that can be read
   */
  record Session(String id, Instant lastSign, @Nullable Beat beat) {

    boolean isReader() {
      return beat != null && beat.kind() != SessionKind.BACKUP;
    }
  }

  /** Looks at the sessions that there are now. */
  interface Source {
    Sessions load() throws MoverException;
  }

  private Sessions() {}

  /**
   * Looks at them.
   *
   * @param own the session that looks, and does not count
   * @param now by the store's clock
   */
  static Sessions load(Repository repository, GcOptions options, String own, Instant now)
      throws MoverException {
    Map<String, Instant> signs = new LinkedHashMap<>();
    ObjectStore.ObjectListing listing = repository.store().list("w/", "");
    for (Optional<ObjectSummary> found = listing.next();
        found.isPresent();
        found = listing.next()) {
      Matcher matcher = KEY.matcher(found.get().key());
      if (matcher.matches()) {
        signs.merge(matcher.group(1), found.get().lastModified(), (a, b) -> a.isAfter(b) ? a : b);
      }
    }
    signs.remove(own);
    Sessions sessions = new Sessions();
    for (Map.Entry<String, Instant> sign : signs.entrySet()) {
      Session session =
          new Session(sign.getKey(), sign.getValue(), beat(repository, sign.getKey()));
      Duration limit = session.isReader() ? options.silentReader() : options.silentWriter();
      boolean isSilent = !session.lastSign().plus(limit).isAfter(now);
      (isSilent ? sessions.silent : sessions.atWork).put(session.id(), session);
    }
    return sessions;
  }

  private static @Nullable Beat beat(Repository repository, String session) throws MoverException {
    try {
      return repository.documents().load(Beat.key(session), Beat.class);
    } catch (ObjectNotFound e) {
      return null; // it has just ended, or left journals only
    } catch (CorruptData e) {
      LOG.warn("what session {} pins cannot be read: {}", session, e.getMessage());
      return null;
    }
  }

  /** Whether a session may still be at work. */
  boolean isAtWork(String session) {
    return atWork.containsKey(session);
  }

  /** A session that has fallen silent; null if it has not, or is not known. */
  @Nullable Session silent(String session) {
    return silent.get(session);
  }

  List<Session> silent() {
    return new ArrayList<>(silent.values());
  }

  /** Keys of the manifests that somebody at work needs. */
  Set<String> pins() {
    Set<String> pins = new HashSet<>();
    for (Session session : atWork.values()) {
      if (session.beat() != null) {
        pins.addAll(session.beat().pins());
      }
    }
    return pins;
  }
}
