package io.blockmover.engine.fetch;

import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.repository.map.LayeredMap;
import java.util.Optional;

/** Says where a backup is by now: what is needed of a pack may be stored anew while it is read. */
@FunctionalInterface
public interface Relocation {

  /** For a backup that stays where it is: what is missing is lost. */
  Relocation NONE = (known, missing) -> Optional.empty();

  /**
   * To be asked when an object is missing. Thread-safe.
   *
   * @param known the map that names the object
   * @return the same map, of the places where everything is now; empty if that is this very map, so
   *     that the object is lost
   * @throws io.blockmover.api.BackupNotFound if the backup was forgotten meanwhile
   */
  Optional<LayeredMap> mapInsteadOf(LayeredMap known, ObjectNotFound missing) throws MoverException;
}
