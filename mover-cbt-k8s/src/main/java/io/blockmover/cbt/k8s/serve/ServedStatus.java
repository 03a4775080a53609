package io.blockmover.cbt.k8s.serve;

import io.blockmover.api.BaseSnapshotMissing;
import io.blockmover.api.Cancelled;
import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.api.MoverException;
import io.blockmover.api.TrackingInterrupted;
import io.blockmover.api.TrackingUnavailable;
import io.grpc.Status;

/** Which status a failure becomes: those that other servers of this API use, for the same. */
final class ServedStatus {

  private ServedStatus() {}

  static Status of(MoverException failure) {
    Status status =
        switch (failure) {
          case BaseSnapshotMissing _ -> Status.NOT_FOUND;
          case TrackingInterrupted _, ClusterObjectUnusable _ -> Status.UNAVAILABLE;
          case TrackingUnavailable _ -> Status.FAILED_PRECONDITION;
          case Cancelled _ -> Status.CANCELLED;
          default -> failure.retryable() ? Status.UNAVAILABLE : Status.INTERNAL;
        };
    return status.withDescription(failure.getMessage());
  }

  /** Of what a caller asked for. */
  static Status of(CallerCheck.Verdict verdict, String namespace) {
    return switch (verdict) {
      case ALLOWED -> Status.OK;
      case UNKNOWN_CALLER ->
          Status.UNAUTHENTICATED.withDescription("the token is not valid for this service");
      case NOT_ALLOWED ->
          Status.PERMISSION_DENIED.withDescription(
              "the caller may not get volumesnapshots in namespace " + namespace);
    };
  }
}
