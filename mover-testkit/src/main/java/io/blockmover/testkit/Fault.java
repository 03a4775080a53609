package io.blockmover.testkit;

import io.blockmover.api.MoverException;
import io.blockmover.api.StoreFull;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.WriteOutcomeUnknown;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** One thing that goes wrong with one request; see {@link FaultyObjectStore}. */
public sealed interface Fault {

  /** The request fails before it does anything. */
  record FailBefore(Supplier<? extends MoverException> failure) implements Fault {}

  /** The request takes effect; the caller is told something else. */
  record FailAfter(Supplier<? extends MoverException> failure) implements Fault {}

  /**
   * The caller is told that the outcome is unknown; the request takes effect only when the test
   * calls {@link FaultyObjectStore#applyLate()}.
   */
  record ApplyLate() implements Fault {}

  /** The request waits until the test releases it, and then does what it should. */
  record Pause(CountDownLatch reached, CountDownLatch released) implements Fault {

    /** Waits until a request has come to the pause. */
    public void awaitReached() throws InterruptedException {
      reached.await();
    }

    /** Lets the request go on. */
    public void release() {
      released.countDown();
    }
  }

  /**
   * The object seems to end after so many bytes of what was asked for: a read fails with {@link
   * io.blockmover.api.CorruptData}, a load returns less.
   */
  record Truncate(int keptBytes) implements Fault {}

  /** One bit of what was read or loaded is wrong; counted from the first byte asked for. */
  record FlipBit(long bit) implements Fault {}

  /** Fails before it takes effect. */
  static Fault failBefore(Supplier<? extends MoverException> failure) {
    return new FailBefore(failure);
  }

  /** The store asks to slow down, or does not answer; nothing took effect. */
  static Fault unavailable(Duration retryAfter) {
    return failBefore(() -> new StoreUnavailable("503 on purpose", retryAfter, null));
  }

  /** As {@link #unavailable(Duration)}, without saying how long to wait. */
  static Fault unavailable() {
    return unavailable(Duration.ZERO);
  }

  /** No space left. */
  static Fault full() {
    return failBefore(() -> new StoreFull("full on purpose", ""));
  }

  /** The request takes effect and its reply is lost. */
  static Fault lostReply() {
    return new FailAfter(() -> new WriteOutcomeUnknown("reply lost on purpose", ""));
  }

  /** The request never arrives, and the caller cannot know. */
  static Fault lostRequest() {
    return failBefore(() -> new WriteOutcomeUnknown("request lost on purpose", ""));
  }

  /** The request arrives long after its caller gave up; see {@link ApplyLate}. */
  static Fault lateRequest() {
    return new ApplyLate();
  }

  /** The request waits for the test. */
  static Pause pause() {
    return new Pause(new CountDownLatch(1), new CountDownLatch(1));
  }

  /** The object seems to end early. */
  static Fault truncate(int keptBytes) {
    return new Truncate(keptBytes);
  }

  /** One bit is wrong. */
  static Fault flipBit(long bit) {
    return new FlipBit(bit);
  }
}
