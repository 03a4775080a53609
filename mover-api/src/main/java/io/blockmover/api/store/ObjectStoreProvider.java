package io.blockmover.api.store;

import io.blockmover.api.MoverException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes stores for one or more URI schemes; found by {@link java.util.ServiceLoader}. */
public interface ObjectStoreProvider {

  /** The schemes served, lower case: {@code "s3"}, {@code "file"}. */
  Set<String> schemes();

  /**
   * Opens a store. Makes no request that changes anything.
   *
   * @param location as given to {@code --repo}
   * @param options settings by name, such as {@code s3-endpoint}; unknown names are an error
   * @throws IllegalArgumentException if the location or an option makes no sense, with a message
   *     for the user
   */
  ObjectStore open(URI location, Map<String, String> options) throws MoverException;

  /**
   * Tries out what the store can do: writes, reads, races and deletes small objects below a fresh
   * key of the location, and leaves nothing behind if it can help it. Takes seconds.
   *
   * @return empty if there is nothing to find out
   * @throws MoverException if the store cannot be reached, or not as this user
   */
  default Optional<StoreReport> probe(URI location, Map<String, String> options)
      throws MoverException {
    return Optional.empty();
  }

  /** The names of options that must never appear in logs. */
  default Set<String> secretOptions() {
    return Set.of();
  }
}
