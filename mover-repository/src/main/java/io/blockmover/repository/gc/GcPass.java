package io.blockmover.repository.gc;

import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.repository.Parallel;
import io.blockmover.repository.Repository;
import io.blockmover.repository.pack.PackName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** G2 to G8, once, when no plan is out. For one thread. */
final class GcPass {

  private final Repository repository;
  private final GcOptions options;
  private final GcLimits limits;
  private final GcWatch watch;
  private final GcTally tally;
  private final Parallel parallel;
  private final String own;
  private final Instant now;
  private final GcHeadStore gcHeads;
  private final Epoch epoch;
  private final Sweep sweep;
  private final Map<String, DeadManifest> dead = new HashMap<>();
  private final SortedSet<PackName> worthRepacking = new TreeSet<>();
  private long worthBytes;

  /**
   * @param own session of this collection
   * @param now by the store's clock
   */
  GcPass(
      Repository repository,
      GcOptions options,
      GcLimits limits,
      GcWatch watch,
      GcTally tally,
      Parallel parallel,
      String own,
      Instant now) {
    this.repository = repository;
    this.options = options;
    this.limits = limits;
    this.watch = watch;
    this.tally = tally;
    this.parallel = parallel;
    this.own = own;
    this.now = now;
    this.gcHeads = new GcHeadStore(repository);
    this.epoch = new Epoch(repository, gcHeads);
    this.sweep = new Sweep(repository, watch);
  }

  /** Returns false if another collection came in between: begin again with G1. */
  boolean run() throws MoverException {
    ListedLists lists = ListedLists.load(repository.store());
    GcState state = gcHeads.load();
    lists.requireNotOlder(state.head());
    IndexOrphans index = IndexOrphans.load(repository.store());
    PackListing listing = new PackListing(repository.store(), limits.packsInMemory());
    Heads heads = Heads.load(repository);
    endSilentSessions();

    // Without a single pack there may still be manifests to go.
    Optional<Candidates> part = Optional.of(listing.next().orElseGet(Candidates::new));
    while (part.isPresent()) {
      Optional<GcState> after = collect(part.get(), heads, index, state);
      if (after.isEmpty()) {
        return false;
      }
      state = after.get();
      part = listing.next();
    }
    if (options.dryRun()) {
      tally.manifests(dead.size());
      return true;
    }
    Sessions sessions = sessions();
    tally.manifests(sweep.manifests(dead, sessions.pins()));
    sweep.backupLists(heads, now);
    List<String> orphans = index.keys(sessions);
    sweep.delete(orphans);
    tally.segments(orphans.size());
    raiseFloor(lists);
    return true;
  }

  private Sessions sessions() throws MoverException {
    return Sessions.load(repository, options, own, now);
  }

  /** First, for what they pin goes with them. */
  private void endSilentSessions() throws MoverException {
    for (Sessions.Session session : sessions().silent()) {
      tally.silent(session);
      if (!options.dryRun()) {
        sweep.silent(session);
      }
    }
  }

  /** G3 to G7 for a part of the packs; empty if another collection came in between. */
  private Optional<GcState> collect(
      Candidates packs, Heads heads, IndexOrphans index, GcState before) throws MoverException {
    packs.forEach(
        (pack, sizeBytes) -> {
          tally.lookedAt(pack, sizeBytes);
          if (packs.isData(pack)) {
            index.there(pack);
          }
        });
    PackUse use = new PackUse();
    Marking marking =
        new Marking(
            repository, heads, packs, dead, this::sessions, options.dryRun(), watch, parallel, use);
    Sessions sessions = sessions();
    marking.first(sessions);
    dead.values().forEach(tally::dead);
    packs.removeIf(pack -> sessions.isAtWork(pack.session()), tally::spared);
    choose(use);
    if (options.dryRun()) {
      packs.forEach(tally::freed);
      return Optional.of(before);
    }
    deleteDoomed(packs, index, before.head());
    GcState state = before;
    while (packs.count() > 0) {
      if (state.head().plan() != null) {
        return Optional.empty();
      }
      SortedSet<PackName> plan = packs.first(limits.packsPerList());
      Optional<GcState> planned = epoch.plan(state, plan);
      if (planned.isEmpty()) {
        return Optional.empty();
      }
      Optional<Epoch.Finished> finished = epoch.finish(planned.get(), plan, packs, marking::again);
      if (finished.isEmpty()) {
        return Optional.empty();
      }
      tally.epoch();
      state = finished.get().state();
      delete(packs, index, finished.get().doom());
    }
    return Optional.of(state);
  }

  private void choose(PackUse use) {
    RepackOptions left =
        new RepackOptions(
            options.repack().maxUnused(),
            options.repack().minUnusedPercent(),
            Math.max(0, options.repack().maxBytes() - worthBytes));
    PackUse.Choice choice = use.choose(left);
    worthRepacking.addAll(choice.chosen());
    worthBytes += choice.bytes();
    tally.worthRepacking(choice);
  }

  /** Data packs of which so little is needed that it should be stored anew. */
  SortedSet<PackName> worthRepacking() {
    return worthRepacking;
  }

  /** What earlier collections condemned and did not come to delete, or what came back late. */
  private void deleteDoomed(Candidates packs, IndexOrphans index, GcHead head)
      throws MoverException {
    for (GcHead.DoomList list : head.lists().reversed()) {
      if (packs.count() == 0) {
        return;
      }
      try {
        delete(packs, index, packs.among(PackLists.read(repository.documents(), list.key())));
      } catch (ObjectNotFound e) {
        return; // this list and the older ones have been dropped meanwhile
      }
    }
  }

  /**
   * @param doom packs that a list condemns which {@code gc/HEAD} names
   */
  private void delete(Candidates packs, IndexOrphans index, Collection<PackName> doom)
      throws MoverException {
    List<String> keys = new ArrayList<>();
    doom.forEach(pack -> keys.add(packs.keyOf(pack)));
    sweep.delete(keys);
    long bytes = 0;
    for (PackName pack : doom) {
      bytes += packs.sizeBytes(pack);
      tally.freed(pack, packs.sizeBytes(pack));
      if (packs.isData(pack)) {
        index.gone(pack);
      }
      packs.remove(pack);
    }
    watch.freed(bytes);
  }

  /** G8, and what G7 leaves of lists. */
  private void raiseFloor(ListedLists before) throws MoverException {
    ListedLists lists = ListedLists.load(repository.store());
    GcState state = gcHeads.load();
    long floor = before.floor(state.head(), limits, now);
    tally.segments(new IndexMerge(repository, sweep, limits).run(floor));
    if (floor > state.head().floor()) {
      Optional<GcState> raised = gcHeads.swap(state, state.head().withFloor(floor));
      if (raised.isEmpty()) {
        return; // another collection does it
      }
      state = raised.get();
    }
    sweep.delete(lists.unnamed(state.head()));
  }
}
