package io.blockmover.repository.store;

import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectStoreProvider;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** Opens {@code file:///directory}. */
public final class DirectoryStoreProvider implements ObjectStoreProvider {

  @Override
  public Set<String> schemes() {
    return Set.of("file");
  }

  @Override
  public ObjectStore open(URI location, Map<String, String> options) {
    if (!options.isEmpty()) {
      throw new IllegalArgumentException(
          "a directory takes no options, but these were given: " + options.keySet());
    }
    String path = location.getPath();
    boolean local = location.getAuthority() == null || "localhost".equals(location.getAuthority());
    if (path == null || !path.startsWith("/") || !local || location.getQuery() != null) {
      throw new IllegalArgumentException(
          location + " is not a local directory: write file:///absolute/path");
    }
    return new DirectoryStore(Path.of(path));
  }
}
