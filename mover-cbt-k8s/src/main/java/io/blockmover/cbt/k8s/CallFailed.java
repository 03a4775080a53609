package io.blockmover.cbt.k8s;

import io.grpc.Status;

/** One call ended with something other than OK. What to do about it: {@link StatusTable}. */
final class CallFailed extends Exception {

  private static final long serialVersionUID = 1;

  private final transient Status status;

  CallFailed(Status status) {
    super(describe(status), status.getCause());
    this.status = status;
  }

  Status.Code code() {
    return status.getCode();
  }

  /** Whether the connection failed because the two do not trust each other (any more). */
  boolean tlsFailed() {
    return getCause() != null && TransportTrouble.isTls(getCause());
  }

  /** What a person can do once nothing else helped. */
  String advice() {
    return getCause() != null
        ? TransportTrouble.advice(getCause())
        : StatusTable.row(code()).advice();
  }

  private static String describe(Status status) {
    String words = status.getDescription();
    Throwable cause = status.getCause();
    if (cause != null) {
      return status.getCode() + " (" + TransportTrouble.sentence(cause) + ")";
    }
    return words == null || words.isEmpty()
        ? status.getCode().toString()
        : status.getCode() + " (" + words + ")";
  }
}
