package io.blockmover.cbt.k8s;

import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Messages that came and were not consumed yet. One more is asked for while few entries wait, so
 * that what waits is bounded by a number and one message.
 */
final class MessageQueue {

  private static final int MAX_WAITING_ENTRIES = 32 * 1024;
  private static final int MAX_WAITING_MESSAGES = 64;

  private final Runnable askForOne;
  private final Queue<MetadataMessage> waiting = new ArrayDeque<>();
  private int waitingEntries;
  private boolean asked;
  private @Nullable Status end;

  /**
   * @param askForOne makes the other side send one message
   */
  MessageQueue(Runnable askForOne) {
    this.askForOne = askForOne;
  }

  void begin() {
    askIfRoom();
  }

  void add(MetadataMessage message) {
    synchronized (this) {
      waiting.add(message);
      waitingEntries += message.entries();
      asked = false;
      notifyAll();
    }
    askIfRoom();
  }

  synchronized void end(Status status) {
    end = status;
    notifyAll();
  }

  /**
   * The next message, null after the last.
   *
   * @throws CallFailed once everything before the failure was taken
   */
  @Nullable MetadataMessage take(Duration silence) throws CallFailed, InterruptedException {
    MetadataMessage message;
    synchronized (this) {
      long giveUpAt = System.nanoTime() + silence.toNanos();
      while (waiting.isEmpty() && end == null) {
        long left = giveUpAt - System.nanoTime();
        if (left <= 0) {
          throw new CallFailed(
              Status.DEADLINE_EXCEEDED.withDescription(
                  "nothing came for " + silence.toSeconds() + " s"));
        }
        wait(left / 1_000_000 + 1);
      }
      message = waiting.poll();
      if (message == null) {
        if (end != null && end.isOk()) {
          return null;
        }
        throw new CallFailed(end == null ? Status.UNKNOWN : end);
      }
      waitingEntries -= message.entries();
    }
    askIfRoom();
    return message;
  }

  private void askIfRoom() {
    synchronized (this) {
      if (asked
          || end != null
          || waitingEntries >= MAX_WAITING_ENTRIES
          || waiting.size() >= MAX_WAITING_MESSAGES) {
        return;
      }
      asked = true;
    }
    askForOne.run();
  }
}
