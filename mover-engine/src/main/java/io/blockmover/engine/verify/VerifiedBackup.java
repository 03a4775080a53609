package io.blockmover.engine.verify;

import io.blockmover.engine.fetch.StoredBackup;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.pack.PackReference;
import java.util.List;

/**
 * A backup whose manifest could be read, and what the manifest names.
 *
 * @param fingerprints layers, oldest first
 */
record VerifiedBackup(StoredBackup content, List<Layer> fingerprints, List<PackReference> usage) {

  String id() {
    return content.backup();
  }
}
