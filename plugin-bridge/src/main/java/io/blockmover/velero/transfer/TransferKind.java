package io.blockmover.velero.transfer;

import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.velero.VeleroKinds;

/** The two kinds of work that Velero gives a data mover. */
public enum TransferKind {
  /** A backup of one volume. */
  UPLOAD,
  /** A restore of one volume. */
  DOWNLOAD;

  /** As the API server knows it. */
  public ObjectKind kind() {
    return switch (this) {
      case UPLOAD -> VeleroKinds.DATA_UPLOAD;
      case DOWNLOAD -> VeleroKinds.DATA_DOWNLOAD;
    };
  }
}
