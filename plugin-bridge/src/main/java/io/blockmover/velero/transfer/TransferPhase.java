package io.blockmover.velero.transfer;

import java.util.Optional;

/** Where a transfer stands, in Velero's words. */
public enum TransferPhase {
  /** Nobody works on it yet; also where there is no phase at all. */
  NEW("New"),
  /** It is ours, and what it needs is being made. */
  ACCEPTED("Accepted"),
  /** Its pod runs. */
  PREPARED("Prepared"),
  /** Bytes move. */
  IN_PROGRESS("InProgress"),
  /** It was cancelled while bytes moved, and what was made is being removed. */
  CANCELING("Canceling"),
  CANCELED("Canceled"),
  COMPLETED("Completed"),
  FAILED("Failed");

  private final String text;

  TransferPhase(String text) {
    this.text = text;
  }

  /** As it stands in the object. */
  public String text() {
    return text;
  }

  /** Whether it has ended: such a phase is never left. */
  public boolean terminal() {
    return this == CANCELED || this == COMPLETED || this == FAILED;
  }

  /** Empty for a phase that we do not know: of a newer Velero. */
  static Optional<TransferPhase> parse(String text) {
    if (text.isEmpty()) {
      return Optional.of(NEW);
    }
    for (TransferPhase phase : values()) {
      if (phase.text.equals(text)) {
        return Optional.of(phase);
      }
    }
    return Optional.empty();
  }
}
