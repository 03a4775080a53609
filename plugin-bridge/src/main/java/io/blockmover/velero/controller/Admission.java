package io.blockmover.velero.controller;

import io.blockmover.velero.transfer.Transfer;
import java.util.Optional;

/** Who may begin, and who waits. Thread-safe; does not block. */
public interface Admission {

  /** Lets all begin at once. */
  Admission OPEN =
      new Admission() {
        @Override
        public Optional<String> ask(Transfer transfer, Volume volume) {
          return Optional.empty();
        }

        @Override
        public void leave(String uid) {}
      };

  /**
   * What a transfer moves, as far as it is known.
   *
   * @param id of one volume no two transfers are at work
   * @param storageClass empty if it is not known
   * @param bytes 0 if it is not known
   */
  record Volume(String id, String storageClass, long bytes) {}

  /**
   * Asks for a new transfer. One that may begin takes its place at once, and keeps it until it
   * leaves.
   *
   * @return where it stands in the queue, for people; empty if it may begin
   */
  Optional<String> ask(Transfer transfer, Volume volume);

  /** As the other one, where nothing is known of the volume but what the transfer says. */
  default Optional<String> ask(Transfer transfer) {
    long bytes = transfer.object().number("spec", "snapshotSize").orElse(0);
    return ask(transfer, new Volume("", "", bytes));
  }

  /** A transfer has ended or vanished. */
  void leave(String uid);
}
