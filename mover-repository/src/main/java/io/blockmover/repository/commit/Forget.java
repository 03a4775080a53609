package io.blockmover.repository.commit;

import io.blockmover.api.MoverException;
import io.blockmover.api.RetentionRefused;
import io.blockmover.api.WriteOutcomeUnknown;
import io.blockmover.repository.Operation;
import io.blockmover.repository.Repository;
import io.blockmover.repository.catalogue.CatalogueWriter;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.head.HeadState;
import io.blockmover.repository.head.HeadStore;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Takes backups out of a volume's HEAD. Nothing is deleted: that is garbage collection's. */
public final class Forget {

  private static final int MAX_ROUNDS = 100;
  // Each may have waited for minutes in the retry layer.
  private static final int MAX_UNKNOWN = 10;

  private final Repository repository;
  private final HeadStore heads;

  public Forget(Repository repository) {
    this.repository = repository;
    this.heads = new HeadStore(repository);
  }

  /**
   * Forgets backups. Repeating is harmless.
   *
   * @return those that were there and are no more
   * @throws WriteOutcomeUnknown if it is not known whether they are still there
   * @throws MoverException if they certainly are
   */
  public Set<String> forget(String volume, Set<String> ids) throws MoverException {
    return forget(volume, ids, true);
  }

  /**
   * Forgets backups if others of the volume remain, whoever else forgets some at the same time.
   *
   * @return as {@link #forget}
   * @throws RetentionRefused if none would remain; nothing was forgotten
   */
  public Set<String> forgetSome(String volume, Set<String> ids) throws MoverException {
    return forget(volume, ids, false);
  }

  /** The refusal to forget all backups of a volume. */
  public static RetentionRefused nothingRemains(String volume) {
    return new RetentionRefused(
        "no backup of volume " + volume + " would remain",
        "name fewer, or say --unsafe-allow-remove-all if all of them are to go");
  }

  private Set<String> forget(String volume, Set<String> ids, boolean evenAll)
      throws MoverException {
    repository.require(Operation.DELETE);
    Set<String> seen = new LinkedHashSet<>();
    int unknown = 0;
    HeadState before = null;
    for (int round = 1; round <= MAX_ROUNDS && unknown < MAX_UNKNOWN; round++) {
      HeadState state = heads.load(volume);
      unknown = before != null && state.sameAs(before) ? unknown + 1 : 0;
      before = state;
      Set<String> present = new HashSet<>();
      List<BackupRow> all = heads.all(state.head());
      for (BackupRow row : all) {
        if (ids.contains(row.id())) {
          present.add(row.id());
          seen.add(row.id());
        }
      }
      if (present.isEmpty()) {
        return seen;
      }
      if (!evenAll && present.size() == all.size()) {
        throw nothingRemains(volume);
      }
      Optional<HeadState> written = heads.swap(state, heads.without(state, present));
      if (written.isPresent()) {
        new CatalogueWriter(repository).record(written.get());
        return seen;
      }
    }
    throw new WriteOutcomeUnknown(
        "it is not known whether backups of volume "
            + volume
            + " were forgotten: the store answered none of the writes of its HEAD",
        "look with `mover list` when the store is well again, then run the command again");
  }
}
