package io.blockmover.velero.controller;

import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.transfer.Transfer;
import io.blockmover.velero.transfer.TransferKind;

/** Names one transfer. */
public record TransferKey(TransferKind kind, ObjectName name) {

  static TransferKey of(Transfer transfer) {
    return new TransferKey(transfer.kind(), transfer.name());
  }

  @Override
  public String toString() {
    return kind.kind().kind() + " " + name;
  }
}
