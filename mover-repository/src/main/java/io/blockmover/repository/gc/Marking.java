package io.blockmover.repository.gc;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
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
  private final boolean dryRun;
  private final GcWatch watch;
  private final Set<String> counted = new HashSet<>();
  private final Set<String> volumes = new HashSet<>();

  /**
   * @param dead manifests that are known to be dead, by key; more are added
   * @param dryRun whether nobody is to be buried, and those who would be are dead already
   */
  Marking(
      Repository repository,
      Heads heads,
      Candidates candidates,
      Map<String, DeadManifest> dead,
      boolean dryRun,
      GcWatch watch) {
    this.repository = repository;
    this.heads = heads;
    this.candidates = candidates;
    this.dead = dead;
    this.dryRun = dryRun;
    this.watch = watch;
  }

  /**
   * Lists all manifests, from the moment of this call on, and takes out what they need.
   *
   * @param sessions whose pending manifests and pins count
   * @param burying whether pending manifests of nobody are made dead (G2): in the first look, after
   *     which pins are read again
   */
  void run(Sessions sessions, boolean burying) throws MoverException {
    Set<String> pins = sessions.pins();
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
          group(volume, group, sessions, pins, burying);
          group.clear();
          volume = next;
        }
        group.add(key);
      }
    }
    group(volume, group, sessions, pins, burying);
    for (VolumeState state : heads.all()) {
      if (!state.listed().isEmpty() && volumes.add(state.id().hex())) {
        requireWhole(state, new ArrayList<>());
      }
    }
  }

  private void group(
      String volume, List<String> keys, Sessions sessions, Set<String> pins, boolean burying)
      throws MoverException {
    if (keys.isEmpty()) {
      return;
    }
    VolumeId id = new VolumeId(volume);
    VolumeState before = heads.of(id);
    List<ManifestFacts> live = new ArrayList<>();
    List<ManifestFacts> abandoned = new ArrayList<>();
    for (String key : keys) {
      ManifestFacts facts = unknown(key, pins);
      if (facts == null) {
        continue;
      }
      VolumeState now = stateFor(id, facts);
      // Readers pin first and look at HEAD then. So in the last look nobody is dead by a HEAD that
      // is newer than the pins; an older one only spares more.
      VolumeState.Fate fate = (burying ? now : before).fateOf(key, facts.base());
      if (pins.contains(key) || fate == VolumeState.Fate.COMMITTED) {
        live.add(facts);
      } else if (fate == VolumeState.Fate.DEAD) {
        dead.put(key, DeadManifest.of(facts));
      } else if (burying && isAbandoned(facts.session(), sessions)) {
        abandoned.add(facts);
      } else {
        live.add(facts);
      }
    }
    bury(abandoned, live);
    if (volumes.add(volume)) {
      requireWhole(heads.of(id), live);
    }
    count(id, live, pins);
  }

  /** A session may have begun since the others were looked at: it is asked for by name. */
  private boolean isAbandoned(String session, Sessions sessions) throws MoverException {
    return !sessions.isAtWork(session)
        && (sessions.silent(session) != null
            || repository.store().find(Beat.key(session)).isEmpty());
  }

  /** The manifest, if it has not been counted and may need anything. */
  private @Nullable ManifestFacts unknown(String key, Set<String> pins) throws MoverException {
    if (counted.contains(key) || (dead.containsKey(key) && !pins.contains(key))) {
      return null;
    }
    watch.check();
    try {
      return ManifestFacts.load(repository, key);
    } catch (ObjectNotFound e) {
      return null; // only what is dead is ever deleted
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

  private void count(VolumeId id, List<ManifestFacts> live, Set<String> pins)
      throws MoverException {
    live.sort(Comparator.comparingLong(ManifestFacts::base));
    UsageSums sums = new UsageSums(repository.metadata());
    for (ManifestFacts facts : live) {
      watch.check();
      facts.metadata().forEach(candidates::remove);
      try {
        sums.moveTo(facts.usage(), candidates::remove);
      } catch (ObjectNotFound e) {
        requireForgotten(id, facts, pins, e);
        continue;
      }
      counted.add(facts.key());
    }
  }

  /** Another collection may have deleted it meanwhile; what is committed is whole. */
  private void requireForgotten(
      VolumeId id, ManifestFacts facts, Set<String> pins, ObjectNotFound missing)
      throws MoverException {
    VolumeState now = heads.refresh(id);
    if (now.fateOf(facts.key(), facts.base()) != VolumeState.Fate.DEAD) {
      throw new CorruptData(
              facts.key(), "all usage packs of backup " + facts.backup(), "one is missing", missing)
          .advising(
              "put it back ("
                  + missing.getMessage()
                  + "), or forget that backup; until then nothing is deleted");
    }
    if (!pins.contains(facts.key())) {
      dead.put(facts.key(), DeadManifest.of(facts));
    }
  }
}
