package io.blockmover.velero.download;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.velero.VeleroKinds;
import io.blockmover.velero.transfer.Transfer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles volumes whose DataDownload somebody removed past our finalizer: what was handed over
 * becomes an ordinary volume, all else is deleted. Nothing else may delete a PersistentVolume with
 * our labels. Thread-safe; asks the API server.
 */
public final class OrphanedVolumes {

  private static final Logger log = LoggerFactory.getLogger(OrphanedVolumes.class);

  /** So that no step of a controller that has seen the transfer is still under way. */
  private static final Duration AGE = Duration.ofHours(1);

  private final ClusterObjects objects;
  private final String namespace;
  private final InstantSource clock;

  /**
   * @param namespace Velero's
   */
  public OrphanedVolumes(ClusterObjects objects, String namespace, InstantSource clock) {
    this.objects = objects;
    this.namespace = namespace;
    this.clock = clock;
  }

  /**
   * Does what is to be done now.
   *
   * @return how many volumes it settled
   */
  public int sweep() throws MoverException {
    Map<String, String> ours =
        Map.of(
            Transfer.MANAGER_LABEL,
            Transfer.MANAGER,
            Transfer.KIND_LABEL,
            VeleroKinds.DATA_DOWNLOAD.kind());
    // Volumes first: one that was marked after the transfers were listed is not among them.
    var volumes = objects.list(ObjectKind.VOLUME, "", ours);
    Set<String> living = new HashSet<>();
    for (ClusterObject transfer : objects.list(VeleroKinds.DATA_DOWNLOAD, namespace, Map.of())) {
      living.add(transfer.uid());
    }
    int settled = 0;
    for (ClusterObject object : volumes) {
      RestoredVolume volume = new RestoredVolume(object);
      if (!living.contains(volume.transfer()) && old(volume) && !volume.doomed()) {
        settle(volume);
        settled++;
      }
    }
    return settled;
  }

  private boolean old(RestoredVolume volume) {
    Instant now = clock.instant();
    return volume.restored().filter(time -> time.plus(AGE).isBefore(now)).isPresent();
  }

  private void settle(RestoredVolume volume) throws MoverException {
    boolean claimed = volume.belongsTo(volume.target());
    log.warn(
        "PersistentVolume {} was restored for a DataDownload that is gone: {}",
        volume.name(),
        claimed ? "it stays with its claim" : "it is removed");
    if (claimed) {
      patch(volume, RestoredVolume.delivered(volume));
    } else if (volume.changesMode()
        && objects.find(ObjectKind.VOLUME, rebuilt(volume)).isPresent()) {
      objects.delete(ObjectKind.VOLUME, "", volume.volume()); // The other object leads to it.
    } else {
      patch(volume, RestoredVolume.doomed(volume, Map.of()));
    }
  }

  private static String rebuilt(RestoredVolume volume) {
    return Volumes.rebuiltName(volume.transfer());
  }

  private void patch(RestoredVolume volume, Map<String, Object> patch) throws MoverException {
    objects.patch(ObjectKind.VOLUME, "", volume.name(), patch);
  }
}
