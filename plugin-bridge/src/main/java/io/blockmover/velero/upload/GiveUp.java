package io.blockmover.velero.upload;

import io.blockmover.api.MoverException;
import io.blockmover.velero.transfer.Verdict;

/** Trying again cannot help: the upload ends like this. */
final class GiveUp extends Exception {

  private static final long serialVersionUID = 1;

  private final transient Verdict verdict;

  GiveUp(Verdict verdict) {
    super(verdict.message());
    this.verdict = verdict;
  }

  /**
   * @param message what failed, and on what
   * @param advice what to do next
   */
  GiveUp(String message, String advice) {
    this(Verdict.failed(message, advice));
  }

  GiveUp(MoverException failure) {
    this(Verdict.failed(failure));
  }

  Verdict verdict() {
    return verdict;
  }
}
