package io.blockmover.repository.gc;

import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.repository.Repository;
import io.blockmover.repository.VolumeId;
import io.blockmover.repository.catalogue.Catalogue;
import io.blockmover.repository.catalogue.CatalogueWriter;
import io.blockmover.repository.catalogue.VolumeBackups;
import io.blockmover.repository.head.HeadState;
import io.blockmover.repository.head.HeadStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HEADs of all volumes, as they were when the collection last looked. */
final class Heads {

  private static final Logger LOG = LoggerFactory.getLogger(Heads.class);
  private static final int MAX_ATTEMPTS = 10;

  private final Repository repository;
  private final HeadStore heads;
  private final Map<String, VolumeState> known = new HashMap<>();

  private Heads(Repository repository) {
    this.repository = repository;
    this.heads = new HeadStore(repository);
  }

  /**
   * Reads them all.
   *
   * @throws io.blockmover.api.CorruptData if one is damaged: what it lists must not be lost
   */
  static Heads load(Repository repository) throws MoverException {
    Heads result = new Heads(repository);
    for (VolumeBackups volume : new Catalogue(repository).list()) {
      result.known.put(volume.id().hex(), VolumeState.of(volume));
    }
    return result;
  }

  VolumeState of(VolumeId id) {
    VolumeState state = known.get(id.hex());
    return state == null ? VolumeState.absent(id) : state;
  }

  Collection<VolumeState> all() {
    return List.copyOf(known.values());
  }

  /** Reads one again. */
  VolumeState refresh(VolumeId id) throws MoverException {
    for (int attempt = 1; ; attempt++) {
      HeadState state;
      try {
        state = heads.load(id);
      } catch (ObjectNotFound e) {
        return VolumeState.absent(id);
      }
      try {
        return remember(VolumeState.of(heads, state));
      } catch (ObjectNotFound e) {
        if (attempt == MAX_ATTEMPTS) { // it moves on each time its list is read
          throw e;
        }
      }
    }
  }

  /**
   * G2: moves a HEAD on without changing it, so that manifests of dead sessions cannot be committed
   * any more. A live writer that is buried by mistake makes one more round.
   *
   * @return HEAD afterwards; where it could not be moved, they are still pending in it
   */
  VolumeState bury(List<ManifestFacts> manifests) throws MoverException {
    String volume = manifests.getFirst().volume();
    VolumeId id = repository.volumeId(volume);
    VolumeState now = refresh(id);
    for (int attempt = 1; attempt <= MAX_ATTEMPTS && anyPending(now, manifests); attempt++) {
      HeadState state = heads.load(volume);
      Optional<HeadState> written =
          state.head().seq() == now.seq() ? heads.swap(state, state.head()) : Optional.empty();
      written.ifPresent(new CatalogueWriter(repository)::record);
      now = refresh(id);
    }
    List<String> backups = new ArrayList<>();
    manifests.forEach(manifest -> backups.add(manifest.backup()));
    LOG.info("backups {} of {} were never committed and are given up", backups, volume);
    return now;
  }

  private static boolean anyPending(VolumeState state, List<ManifestFacts> manifests) {
    return manifests.stream()
        .anyMatch(
            manifest -> state.fateOf(manifest.key(), manifest.base()) == VolumeState.Fate.PENDING);
  }

  private VolumeState remember(VolumeState state) {
    known.put(state.id().hex(), state);
    return state;
  }
}
