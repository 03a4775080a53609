package io.blockmover.repository.gc;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.repository.Repository;
import io.blockmover.repository.VolumeId;
import io.blockmover.repository.session.Beat;
import io.blockmover.repository.session.SessionObjects;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** G7: deletes what is known for ever to be needed by nobody. Repeating is harmless. */
final class Sweep {

  private static final int BATCH_KEYS = 1000;
  private static final Pattern LIST_KEY =
      Pattern.compile("l/([0-9a-f]{32})/([0-9]{1,18})\\.[0-9a-f]{32}");

  /** Somebody who read HEAD just before it moved on may still come for its list. */
  private static final Duration LIST_GRACE = Duration.ofMinutes(15);

  private final Repository repository;
  private final GcWatch watch;

  Sweep(Repository repository, GcWatch watch) {
    this.repository = repository;
    this.watch = watch;
  }

  /** Deletes keys, in batches. */
  void delete(Collection<String> keys) throws MoverException {
    List<String> batch = new ArrayList<>();
    for (String key : keys) {
      batch.add(key);
      if (batch.size() == BATCH_KEYS) {
        deleteBatch(batch);
      }
    }
    deleteBatch(batch);
  }

  private void deleteBatch(List<String> batch) throws MoverException {
    if (!batch.isEmpty()) {
      watch.check();
      repository.store().deleteAll(batch);
      batch.clear();
    }
  }

  /**
   * Deletes dead manifests.
   *
   * @param pins read after HEADs showed that they are dead: a reader pins first and looks at HEAD
   *     then
   * @return how many
   */
  int manifests(Map<String, DeadManifest> dead, Set<String> pins) throws MoverException {
    Set<String> keys = new TreeSet<>(dead.keySet());
    keys.removeAll(pins);
    delete(keys);
    return keys.size();
  }

  /** Deletes a session's journals and beat, unless it has given a sign meanwhile. */
  void silent(Sessions.Session session) throws MoverException {
    Optional<ObjectSummary> beat = repository.store().find(Beat.key(session.id()));
    if (beat.isEmpty() || !beat.get().lastModified().isAfter(session.lastSign())) {
      SessionObjects.delete(repository.store(), session.id());
    }
  }

  /** Deletes lists of older backups that no HEAD names and no write under way can name any more. */
  void backupLists(Heads heads, Instant now) throws MoverException {
    List<String> keys = new ArrayList<>();
    ObjectStore.ObjectListing listing = repository.store().list("l/", "");
    for (Optional<ObjectSummary> found = listing.next();
        found.isPresent();
        found = listing.next()) {
      String key = found.get().key();
      Matcher matcher = LIST_KEY.matcher(key);
      if (matcher.matches()) {
        VolumeState state = heads.of(new VolumeId(matcher.group(1)));
        boolean isDead =
            !key.equals(state.older()) && Long.parseLong(matcher.group(2)) < state.seq();
        Instant changed = state.changed();
        if (isDead && changed != null && changed.plus(LIST_GRACE).isBefore(now)) {
          keys.add(key);
        }
      }
    }
    delete(keys);
  }
}
