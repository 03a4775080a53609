package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectStoreProvider;
import io.blockmover.repository.store.DirectoryStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * {@code pausing:///directory}: a directory store that waits at the request named by a variable.
 */
public final class PausingStoreProvider implements ObjectStoreProvider {

  @Override
  public Set<String> schemes() {
    return Set.of("pausing");
  }

  @Override
  public ObjectStore open(URI location, Map<String, String> options) throws MoverException {
    return new PausingStore(
        new DirectoryStore(Path.of(location.getPath())),
        PausePoint.parse(System.getenv(PausePoint.VARIABLE)));
  }
}
