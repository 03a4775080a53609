package io.blockmover.repository.gc;

import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.repository.Repository;
import io.blockmover.repository.pack.PackName;
import java.util.Optional;
import java.util.SortedSet;

/**
 * G4 to G6: one epoch. The plan is published before the manifests are looked at for the last time,
 * and only a list that {@code gc/HEAD} names is ever deleted from.
 */
final class Epoch {

  private final Repository repository;
  private final GcHeadStore heads;
  private final PackLists lists;

  Epoch(Repository repository, GcHeadStore heads) {
    this.repository = repository;
    this.heads = heads;
    this.lists = new PackLists(repository);
  }

  /**
   * An epoch that was finished.
   *
   * @param doom what it condemned, for ever
   */
  record Finished(GcState state, SortedSet<PackName> doom) {}

  /** The last look (G5): takes out of the candidates what anybody needs by now. */
  interface LastLook {
    void run() throws MoverException;
  }

  /** Publishes a plan; empty if somebody else wrote {@code gc/HEAD}. */
  Optional<GcState> plan(GcState state, SortedSet<PackName> packs) throws MoverException {
    String key = lists.writePlan(state.head().finalEpoch() + 1, packs);
    return heads.swap(state, state.head().withPlan(key));
  }

  /**
   * The packs of the plan that is out.
   *
   * @throws ObjectNotFound if that epoch was finished meanwhile
   */
  SortedSet<PackName> planned(GcState state) throws MoverException {
    String plan = state.head().plan();
    if (plan == null) {
      throw new IllegalStateException("there is no plan");
    }
    return PackLists.read(repository.documents(), plan);
  }

  /**
   * Finishes the epoch whose plan is out.
   *
   * @param state read or written when the plan was out already
   * @param candidates hold the plan's packs, but for those that are known to be needed
   * @return empty if somebody else finished it: this candidate for its doom list is worth nothing
   */
  Optional<Finished> finish(
      GcState state, SortedSet<PackName> plan, Candidates candidates, LastLook lastLook)
      throws MoverException {
    lastLook.run();
    SortedSet<PackName> doom = candidates.among(plan);
    String key = lists.writeDoom(state.head().finalEpoch() + 1, doom);
    return heads
        .swap(state, state.head().withDoom(key))
        .map(written -> new Finished(written, doom));
  }
}
