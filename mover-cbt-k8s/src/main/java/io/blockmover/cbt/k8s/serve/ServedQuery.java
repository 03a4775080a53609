package io.blockmover.cbt.k8s.serve;

import io.grpc.Status;

/**
 * A request, checked as far as that goes without asking anybody.
 *
 * @param token secret
 * @param baseId empty for allocated extents
 */
record ServedQuery(
    String token,
    String namespace,
    String snapshot,
    String baseId,
    boolean delta,
    long startingOffset,
    int maxResults) {

  /** What is wrong with it; OK if nothing is. */
  Status fault() {
    if (token.isEmpty()) {
      return missing("security_token");
    }
    if (namespace.isEmpty()) {
      return missing("namespace");
    }
    if (snapshot.isEmpty()) {
      return missing(delta ? "target_snapshot_name" : "snapshot_name");
    }
    if (delta && baseId.isEmpty()) {
      return missing("base_snapshot_id");
    }
    if (maxResults < 0) {
      return Status.INVALID_ARGUMENT.withDescription("max_results is negative");
    }
    return startingOffset < 0
        ? Status.OUT_OF_RANGE.withDescription("starting_offset is negative")
        : Status.OK;
  }

  private static Status missing(String field) {
    return Status.INVALID_ARGUMENT.withDescription(field + " is missing");
  }

  @Override
  public String toString() { // without the token
    return namespace + "/" + snapshot + (delta ? " since " + baseId : "");
  }
}
