package io.blockmover.repository.store;

import io.blockmover.api.store.StoreOperation;
import java.util.Map;

/**
 * What was asked of a store.
 *
 * @param requests how many of each kind, failed ones included
 * @param uploadedBytes bodies sent, failed ones included
 * @param downloadedBytes bodies received
 */
public record StoreUsage(
    Map<StoreOperation, Long> requests, long uploadedBytes, long downloadedBytes) {

  public StoreUsage {
    requests = Map.copyOf(requests);
  }

  /** How many requests of all kinds. */
  public long totalRequests() {
    return requests.values().stream().mapToLong(Long::longValue).sum();
  }
}
