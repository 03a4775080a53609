package io.blockmover.repository.gc;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.repository.Parallel;
import io.blockmover.repository.Repository;
import io.blockmover.repository.VolumeId;
import io.blockmover.repository.session.Beat;
import io.blockmover.repository.usage.UsageSums;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of the candidates what any manifest needs that is not dead: by the usage of each, never
 * by walking maps. May be repeated, and then looks only at manifests that are new or newly pinned:
 * what the others need is no candidate any more. For one thread.
 */
final class Marking {

  private final Repository repository;
  private final Heads heads;
  private final Candidates candidates;
  private final Map<String, DeadManifest> dead;
  private final Sessions.Source sessions;
  private final boolean dryRun;
  private final GcWatch watch;
  private final Parallel parallel;
  private final PackUse use;
  private final Set<String> counted = new HashSet<>();
  private final Set<String> volumes = new HashSet<>();

  /**
   * @param dead manifests that are known to be dead, by key; more are added
   * @param sessions asked for pins, each time after HEADs have been read: a reader pins first and
   *     looks at HEAD then
   * @param use told how much of each pack is needed, those that are candidates
   * @param dryRun whether nobody is to be buried, and those who would be are dead already
   */
  Marking(
      Repository repository,
      Heads heads,
      Candidates candidates,
      Map<String, DeadManifest> dead,
      Sessions.Source sessions,
      boolean dryRun,
      GcWatch watch,
      Parallel parallel,
      PackUse use) {
    this.repository = repository;
    this.heads = heads;
    this.candidates = candidates;
    this.dead = dead;
    this.sessions = sessions;
    this.dryRun = dryRun;
    this.watch = watch;
    this.parallel = parallel;
    this.use = use;
  }

  /**
   * The first look. Buries pending manifests of nobody (G2).
   *
   * @param atWork whose pending manifests count
   */
  void first(Sessions atWork) throws MoverException {
    walk(atWork);
    countPinned();
  }

  /** Another look, at all manifests that are there from the moment of this call on. */
  void again() throws MoverException {
    walk(null);
    countPinned();
  }

  private void walk(@Nullable Sessions atWork) throws MoverException {
    List<String> group = new ArrayList<>();
    String volume = "";
    ObjectStore.ObjectListing listing = repository.store().list("s/", "");
    for (Optional<ObjectSummary> found = listing.next();
        found.isPresent();
        found = listing.next()) {
      String key = found.get().key();
      String next = ManifestFacts.volumeOf(key);
      if (next != null) {
        if (!next.equals(volume)) {
          group(volume, group, atWork);
          group.clear();
          volume = next;
        }
        group.add(key);
      }
    }
    group(volume, group, atWork);
    for (VolumeState state : heads.all()) {
      if (!state.listed().isEmpty() && volumes.add(state.id().hex())) {
        List<ManifestFacts> live = new ArrayList<>();
        requireWhole(state, live);
        count(state.id(), live);
      }
    }
  }

  /** What somebody reads stays, though it is forgotten. */
  private void countPinned() throws MoverException {
    for (String pin : sessions.load().pins()) {
      String volume = ManifestFacts.volumeOf(pin);
      if (volume != null && dead.containsKey(pin) && !counted.contains(pin)) {
        Optional<ManifestFacts> facts = find(pin);
        if (facts.isPresent()) {
          count(new VolumeId(volume), new ArrayList<>(List.of(facts.get())));
        }
      }
    }
  }

  private void group(String volume, List<String> keys, @Nullable Sessions atWork)
      throws MoverException {
    if (keys.isEmpty()) {
      return;
    }
    VolumeId id = new VolumeId(volume);
    List<ManifestFacts> live = new ArrayList<>();
    List<ManifestFacts> abandoned = new ArrayList<>();
    List<String> unknown =
        keys.stream().filter(key -> !counted.contains(key) && !dead.containsKey(key)).toList();
    for (Optional<ManifestFacts> found : parallel.map(unknown, this::find)) {
      if (found.isEmpty()) {
        continue;
      }
      ManifestFacts facts = found.get();
      String key = facts.key();
      VolumeState.Fate fate = stateFor(id, facts).fateOf(key, facts.base());
      if (fate == VolumeState.Fate.DEAD) {
        dead.put(key, DeadManifest.of(facts));
      } else if (fate == VolumeState.Fate.PENDING
          && atWork != null
          && isAbandoned(facts.session(), atWork)) {
        abandoned.add(facts);
      } else {
        live.add(facts);
      }
    }
    bury(abandoned, live);
    if (volumes.add(volume)) {
      requireWhole(heads.of(id), live);
    }
    count(id, live);
  }

  /** A session may have begun since the others were looked at: it is asked for by name. */
  private boolean isAbandoned(String session, Sessions atWork) throws MoverException {
    return !atWork.isAtWork(session)
        && (atWork.silent(session) != null || repository.store().find(Beat.key(session)).isEmpty());
  }

  private Optional<ManifestFacts> find(String key) throws MoverException {
    watch.check();
    try {
      return Optional.of(ManifestFacts.load(repository, key));
    } catch (ObjectNotFound e) {
      return Optional.empty(); // only what is dead is ever deleted
    }
  }

  /** HEAD as known, unless the manifest was built on a later one. */
  private VolumeState stateFor(VolumeId id, ManifestFacts facts) throws MoverException {
    VolumeState state = heads.of(id);
    if (facts.base() <= state.seq()) {
      return state;
    }
    VolumeState now = heads.refresh(id);
    if (facts.base() > now.seq()) {
      throw new CorruptData(id.headKey(), "seq " + facts.base() + " or more", "seq " + now.seq())
          .advising(
              "an older state of this object was put back: put the newest one back; until then"
                  + " nothing is deleted");
    }
    return now;
  }

  private void bury(List<ManifestFacts> abandoned, List<ManifestFacts> live) throws MoverException {
    if (abandoned.isEmpty()) {
      return;
    }
    VolumeState state =
        dryRun
            ? heads.of(repository.volumeId(abandoned.getFirst().volume()))
            : heads.bury(abandoned);
    for (ManifestFacts facts : abandoned) {
      if (dryRun || state.fateOf(facts.key(), facts.base()) == VolumeState.Fate.DEAD) {
        dead.put(facts.key(), DeadManifest.of(facts));
      } else {
        live.add(facts);
      }
    }
  }

  /** Every listed manifest must be there: one that is lost can still be put back, its packs not. */
  private void requireWhole(VolumeState state, List<ManifestFacts> live) throws MoverException {
    Set<String> found = new HashSet<>();
    live.forEach(facts -> found.add(facts.key()));
    for (Map.Entry<String, String> listed : state.listed().entrySet()) {
      String key = listed.getKey();
      if (found.contains(key) || counted.contains(key)) {
        continue;
      }
      try {
        live.add(ManifestFacts.load(repository, key)); // committed since it was listed
      } catch (ObjectNotFound e) {
        if (heads.refresh(state.id()).listed().containsKey(key)) {
          throw new CorruptData(key, "the manifest of backup " + listed.getValue(), "nothing", e)
              .advising(
                  "put it back, or forget that backup with `mover forget "
                      + listed.getValue()
                      + "`; until then nothing is deleted");
        }
      }
    }
  }

  private void count(VolumeId id, List<ManifestFacts> live) throws MoverException {
    live.sort(Comparator.comparingLong(ManifestFacts::base));
    UsageSums sums = new UsageSums(repository.metadata());
    for (ManifestFacts facts : live) {
      watch.check();
      facts.metadata().forEach(candidates::remove);
      try {
        sums.moveTo(facts.usage(), use.of(candidates));
      } catch (ObjectNotFound e) {
        requireNotCommitted(id, facts, e);
        continue;
      }
      counted.add(facts.key());
    }
  }

  /**
   * What is committed is whole. Of a dead one another collection may have deleted it. Of a pending
   * one it was condemned before the manifest was put: its writer, who looks after that, will find
   * so and never commit it.
   */
  private void requireNotCommitted(VolumeId id, ManifestFacts facts, ObjectNotFound missing)
      throws MoverException {
    VolumeState.Fate fate = heads.refresh(id).fateOf(facts.key(), facts.base());
    if (fate == VolumeState.Fate.COMMITTED) {
      throw new CorruptData(
              facts.key(), "all usage packs of backup " + facts.backup(), "one is missing", missing)
          .advising(
              "put it back ("
                  + missing.getMessage()
                  + "), or forget that backup; until then nothing is deleted");
    }
    if (fate == VolumeState.Fate.DEAD) {
      dead.put(facts.key(), DeadManifest.of(facts));
    }
  }
}
