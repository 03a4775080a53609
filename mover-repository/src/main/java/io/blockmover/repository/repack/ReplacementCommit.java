package io.blockmover.repository.repack;

import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.WriteOutcomeUnknown;
import io.blockmover.repository.Repository;
import io.blockmover.repository.catalogue.CatalogueWriter;
import io.blockmover.repository.gc.GcReader;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.head.HeadState;
import io.blockmover.repository.head.HeadStore;
import io.blockmover.repository.head.VolumeHead;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.pack.PackName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * W4 to W7 of the commit protocol for manifests that take the place of others: all of a volume by
 * one swap of its HEAD. The replacements are published before the condemned packs are read, and
 * HEAD is swapped last. Whatever ends it early leaves every backup as it was: nothing is reported
 * as done that was not, so that nobody has to be told when a late swap still takes effect.
 */
final class ReplacementCommit {

  private static final Logger LOG = LoggerFactory.getLogger(ReplacementCommit.class);
  private static final int MAX_ROUNDS = 20;
  // Each may have waited for minutes in the retry layer.
  private static final int MAX_UNKNOWN = 5;

  private final Repository repository;
  private final HeadStore heads;
  private final GcReader gc;
  private final long epoch;

  /**
   * @param epoch up to which everything that the replacements name is known to be good
   */
  ReplacementCommit(Repository repository, long epoch) {
    this.repository = repository;
    this.heads = new HeadStore(repository);
    this.gc = new GcReader(repository.documents());
    this.epoch = epoch;
  }

  /**
   * Replaces the manifests that are still listed.
   *
   * @return how many backups stand in their new packs; 0 if packs were condemned meanwhile, or
   *     others were always faster
   */
  int commit(String volume, List<Replacement> replacements) throws MoverException {
    for (int round = 1; round <= MAX_ROUNDS; round++) {
      HeadState state = heads.load(volume); // W4
      List<Replacement> wanted = stillListed(state, replacements);
      if (wanted.isEmpty()) {
        return 0;
      }
      Map<String, String> keys = new HashMap<>();
      for (Replacement replacement : wanted) {
        keys.put(replacement.manifest().backup(), publish(state, replacement.manifest()));
      }
      if (isCondemned(wanted)) { // W5
        return 0;
      }
      Optional<HeadState> written = offer(state, keys); // W6, W7
      if (written.isPresent()) {
        new CatalogueWriter(repository).record(written.get());
        return wanted.size();
      }
    }
    LOG.info("others were faster at {} {} times; the next run tries again", volume, MAX_ROUNDS);
    return 0;
  }

  /** One that was forgotten, or replaced by somebody else, stays as it is. */
  private List<Replacement> stillListed(HeadState state, List<Replacement> replacements)
      throws MoverException {
    Set<String> listed = new TreeSet<>();
    for (BackupRow row : heads.all(state.head())) {
      listed.add(row.manifest());
    }
    return replacements.stream()
        .filter(replacement -> listed.contains(replacement.replaced()))
        .toList();
  }

  private String publish(HeadState state, Manifest manifest) throws MoverException {
    String key = "s/" + state.id() + "/" + manifest.backup() + "." + repository.random().name();
    try {
      repository.documents().putIfAbsent(key, manifest.withBase(state.head().seq()));
    } catch (ObjectAlreadyExists | WriteOutcomeUnknown e) {
      // The name is random: what is there is ours.
      if (repository.store().find(key).isEmpty()) {
        throw e;
      }
    }
    return key;
  }

  private boolean isCondemned(List<Replacement> wanted) throws MoverException {
    Set<PackName> hit = new TreeSet<>();
    long floor;
    try {
      floor =
          gc.visitSince(
              epoch,
              packs -> {
                for (Replacement replacement : wanted) {
                  hit.addAll(replacement.neededOf(repository, packs));
                }
              });
    } catch (ObjectNotFound e) {
      LOG.info("what was written anew was collected meanwhile: {}", e.getMessage());
      return true;
    }
    if (floor > epoch || !hit.isEmpty()) {
      LOG.info("{} packs were condemned meanwhile; the next run tries again", hit.size());
      return true;
    }
    return false;
  }

  /** Empty if these manifests are burnt: HEAD was written by somebody else. */
  private Optional<HeadState> offer(HeadState state, Map<String, String> keys)
      throws MoverException {
    VolumeHead next = heads.replacing(state, keys);
    for (int swap = 1; swap <= MAX_UNKNOWN; swap++) {
      Optional<HeadState> written = heads.swap(state, next);
      if (written.isPresent()) {
        return written;
      }
      HeadState now = heads.load(state.id());
      if (!now.sameAs(state)) {
        return heads.all(now.head()).stream().anyMatch(row -> keys.containsValue(row.manifest()))
            ? Optional.of(now) // it was ours, and the reply was lost
            : Optional.empty();
      }
    }
    throw new WriteOutcomeUnknown(
        "the store took none of " + MAX_UNKNOWN + " writes of " + state.id().headKey(),
        "check the store's health, then run `mover gc` again; no backup is lost");
  }
}
