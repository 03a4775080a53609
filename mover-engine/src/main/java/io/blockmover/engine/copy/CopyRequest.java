package io.blockmover.engine.copy;

import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.engine.MemoryProfile;
import io.blockmover.repository.catalogue.FoundBackup;
import java.util.List;

/**
 * What to copy and how.
 *
 * @param backup of the repository that is copied from
 * @param fallbacks trackers that are asked where the maps cannot say what changed; one of them
 *     should apply to everything
 * @param host recorded in the manifest
 */
public record CopyRequest(
    FoundBackup backup,
    List<ChangeTrackerProvider> fallbacks,
    int compressionLevel,
    String host,
    MemoryProfile memory) {

  public CopyRequest {
    fallbacks = List.copyOf(fallbacks);
  }
}
