package io.blockmover.repository.gc;

import io.blockmover.api.MoverException;
import io.blockmover.repository.VolumeId;
import io.blockmover.repository.catalogue.VolumeBackups;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.head.HeadState;
import io.blockmover.repository.head.HeadStore;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a volume's HEAD says at one moment. An old one does no harm: dead is for ever.
 *
 * @param listed manifest keys with the ids of their backups
 * @param older key of the list of older backups
 * @param changed when HEAD was written, by the store's clock; null if it was read just now
 */
record VolumeState(
    VolumeId id,
    long seq,
    Map<String, String> listed,
    @Nullable String older,
    @Nullable Instant changed) {

  /** What becomes of a manifest. */
  enum Fate {
    /** It is a backup. */
    COMMITTED,
    /** It may become one. */
    PENDING,
    /** It is none, and never will be. */
    DEAD
  }

  static VolumeState of(VolumeBackups volume) {
    return new VolumeState(
        volume.id(), volume.seq(), listed(volume.backups()), volume.older(), volume.changed());
  }

  static VolumeState of(HeadStore heads, HeadState state) throws MoverException {
    return new VolumeState(
        state.id(),
        state.head().seq(),
        listed(heads.all(state.head())),
        state.head().older(),
        null);
  }

  /** A volume that nobody has written yet. */
  static VolumeState absent(VolumeId id) {
    return new VolumeState(id, 0, Map.of(), null, null);
  }

  private static Map<String, String> listed(List<BackupRow> rows) {
    Map<String, String> listed = new HashMap<>();
    rows.forEach(row -> listed.put(row.manifest(), row.id()));
    return listed;
  }

  /** A manifest can be committed only while HEAD has the seq that it was built on. */
  Fate fateOf(String manifest, long base) {
    if (listed.containsKey(manifest)) {
      return Fate.COMMITTED;
    }
    return base < seq ? Fate.DEAD : Fate.PENDING;
  }
}
