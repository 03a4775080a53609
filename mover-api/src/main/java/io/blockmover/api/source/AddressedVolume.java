package io.blockmover.api.source;

import io.blockmover.api.tracking.SnapshotReference;
import java.util.List;

/**
 * A volume that a {@link VolumeProvider} opened.
 *
 * @param source to read it by; whoever has this record closes it
 * @param volume the name under which its backups follow each other unless the user gives one: the
 *     same for all snapshots of a volume
 * @param reference what trackers are asked about
 * @param warnings sentences that the user should hear before the backup
 */
public record AddressedVolume(
    BlockSource source, String volume, SnapshotReference reference, List<String> warnings) {

  public AddressedVolume {
    warnings = List.copyOf(warnings);
  }
}
