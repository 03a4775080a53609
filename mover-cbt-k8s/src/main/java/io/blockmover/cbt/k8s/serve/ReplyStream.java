package io.blockmover.cbt.k8s.serve;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;

/**
 * Sends messages no faster than the other side takes them. Used by one thread, while the call's
 * events come from others.
 */
final class ReplyStream<R> {

  private final ServerCallStreamObserver<R> observer;
  private final long endBy;
  private boolean cancelled;

  /**
   * To be made before the request's handler returns.
   *
   * @param longest how long the whole stream may take
   */
  ReplyStream(ServerCallStreamObserver<R> observer, Duration longest) {
    this.observer = observer;
    this.endBy = System.nanoTime() + longest.toNanos();
    observer.setOnReadyHandler(this::wake);
    observer.setOnCancelHandler(this::cancel);
  }

  private synchronized void wake() {
    notifyAll();
  }

  private synchronized void cancel() {
    cancelled = true;
    notifyAll();
  }

  /**
   * Sends a message as soon as there is room.
   *
   * @return OK, or why the stream must end
   */
  Status send(R message) throws InterruptedException {
    synchronized (this) {
      while (!observer.isReady() && !cancelled) {
        long left = endBy - System.nanoTime();
        if (left <= 0) {
          break;
        }
        wait(Math.min(left / 1_000_000 + 1, 1000));
      }
      if (cancelled) {
        return Status.CANCELLED;
      }
    }
    if (System.nanoTime() - endBy >= 0) {
      return Status.DEADLINE_EXCEEDED.withDescription(
          "the list took longer than this server allows");
    }
    observer.onNext(message);
    return Status.OK;
  }

  /** Ends the stream. */
  void end(Status status) {
    synchronized (this) {
      if (cancelled) {
        return;
      }
    }
    if (status.isOk()) {
      observer.onCompleted();
    } else {
      observer.onError(status.asRuntimeException());
    }
  }
}
