package io.blockmover.repository.gc;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.ConditionFailed;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.StoreRejected;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.api.store.StoreProperties;
import io.blockmover.repository.Operation;
import io.blockmover.repository.Parallel;
import io.blockmover.repository.Repository;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.repack.Repack;
import io.blockmover.repository.session.Beat;
import io.blockmover.repository.session.Heartbeat;
import io.blockmover.repository.session.SessionHost;
import io.blockmover.repository.session.SessionObjects;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.SortedSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes back the space of what no backup needs, while backups and restores go on: the collector of
 * the commit protocol (docs/concurrency.md). Any number may run at once, and any may die at any
 * moment: the next one goes on.
 */
public final class GarbageCollection {

  private static final Logger LOG = LoggerFactory.getLogger(GarbageCollection.class);

  /** How often it begins again because another collection was faster. */
  private static final int MAX_PASSES = 20;

  private final Repository repository;
  private final SessionHost host;
  private final GcOptions options;
  private final GcLimits limits;
  private final GcWatch watch;
  private final GcHeadStore gcHeads;
  private final Parallel parallel;
  private final GcTally tally = new GcTally();

  /**
   * @param host whose heartbeat shows that a collection is at work
   * @param parallel how many requests it sends at once
   */
  public GarbageCollection(
      Repository repository,
      SessionHost host,
      GcOptions options,
      GcWatch watch,
      Parallel parallel) {
    this(repository, host, options, GcLimits.STANDARD, watch, parallel);
  }

  GarbageCollection(
      Repository repository,
      SessionHost host,
      GcOptions options,
      GcLimits limits,
      GcWatch watch,
      Parallel parallel) {
    this.repository = repository;
    this.host = host;
    this.options = options;
    this.limits = limits;
    this.watch = watch;
    this.parallel = parallel;
    this.gcHeads = new GcHeadStore(repository);
  }

  /**
   * Runs once. Blocks; the thread may be interrupted.
   *
   * @throws io.blockmover.api.CorruptData if it cannot be known what a backup needs; nothing that
   *     was not condemned before has been deleted
   * @throws io.blockmover.api.Cancelled if the watch stopped it; the next run goes on
   * @throws ConditionFailed if others always were faster; they do the same work
   */
  public GcReport run() throws MoverException {
    repository.require(Operation.READ);
    repository.require(Operation.WRITE);
    repository.require(Operation.DELETE);
    requireConditionalWrites();
    String own = repository.random().name();
    Beat beat = Beat.ofCollection(host, repository.clock().instant());
    Heartbeat heartbeat = Heartbeat.start(repository.documents(), host, own, beat);
    try {
      collect(own, storeTime(own));
    } finally {
      heartbeat.close();
      end(own);
    }
    return tally.report(options.dryRun());
  }

  private void requireConditionalWrites() throws StoreRejected {
    StoreProperties properties = repository.store().properties();
    if (!properties.putIfAbsent() || !properties.compareAndSwap()) {
      throw new StoreRejected(
          "the store at "
              + repository.store().location()
              + " cannot compare and swap, so that nobody knows what a backup under way needs",
          "`mover doctor` says what the store can do; without it nothing can be deleted safely");
    }
  }

  /** The store's clock is the only one that all sessions share. */
  private Instant storeTime(String own) throws MoverException {
    return repository
        .store()
        .find(Beat.key(own))
        .map(ObjectSummary::lastModified)
        .orElseThrow(
            () ->
                new StoreUnavailable(
                    Beat.key(own) + " was written and is not there", Duration.ZERO, null));
  }

  private void end(String own) {
    try {
      SessionObjects.delete(repository.store(), own);
    } catch (MoverException e) {
      LOG.warn("the heartbeat of collection {} was not removed: {}", own, e.getMessage());
    }
  }

  private void collect(String own, Instant now) throws MoverException {
    boolean repacked = false;
    for (int attempt = 1; attempt <= MAX_PASSES; attempt++) {
      if (!options.dryRun()) {
        finishPlan(own, now);
      }
      tally.beginAgain();
      GcPass pass = new GcPass(repository, options, limits, watch, tally, parallel, own, now);
      if (!pass.run()) {
        continue;
      }
      if (repacked || options.dryRun() || !repack(own, pass.worthRepacking())) {
        return;
      }
      repacked = true; // what was emptied goes at once, with another pass
    }
    throw new ConditionFailed(
        "another garbage collection was faster " + MAX_PASSES + " times",
        "nothing needs to be done: it does the same work");
  }

  /** Stores anew what is needed of packs of which little is; false if nothing came of it. */
  private boolean repack(String own, SortedSet<PackName> packs) throws MoverException {
    if (packs.isEmpty()) {
      return false;
    }
    try {
      Repack.Result result =
          Repack.run(repository, own, packs, limits.packBytes(), parallel, watch::check);
      tally.repacked(result);
      return result.backups() > 0;
    } catch (AccessDenied e) {
      LOG.warn("{} packs of which little is needed stay: {}", packs.size(), e.getMessage());
      return false;
    }
  }

  /**
   * G1: what another collection has begun goes first. What it dooms is deleted by the next pass.
   */
  private void finishPlan(String own, Instant now) throws MoverException {
    ListedLists lists = ListedLists.load(repository.store());
    GcState state = gcHeads.load();
    lists.requireNotOlder(state.head()); // an epoch is decided once
    if (state.head().plan() == null) {
      return;
    }
    Epoch epoch = new Epoch(repository, gcHeads);
    SortedSet<PackName> plan;
    try {
      plan = epoch.planned(state);
    } catch (ObjectNotFound e) {
      return; // finished meanwhile, or the pass finds out
    }
    Candidates candidates = Candidates.named(plan);
    Marking marking =
        new Marking(
            repository,
            Heads.load(repository),
            candidates,
            new HashMap<>(),
            () -> Sessions.load(repository, options, own, now),
            false,
            watch,
            parallel,
            new PackUse());
    epoch.finish(state, plan, candidates, marking::again);
  }
}
