package io.blockmover.cbt.k8s.serve;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.CallerReviews;
import java.util.Optional;

/** Asks the API server about each caller: TokenReview, then SubjectAccessReview. */
public final class ReviewedCallers implements CallerCheck {

  private final CallerReviews reviews;
  private final String audience;

  /**
   * @param audience that tokens must be for
   */
  public ReviewedCallers(CallerReviews reviews, String audience) {
    this.reviews = reviews;
    this.audience = audience;
  }

  @Override
  public Verdict check(String token, String namespace) throws MoverException {
    Optional<CallerReviews.Caller> caller = reviews.authenticate(token, audience);
    if (caller.isEmpty()) {
      return Verdict.UNKNOWN_CALLER;
    }
    return reviews.mayGetSnapshots(caller.get(), namespace) ? Verdict.ALLOWED : Verdict.NOT_ALLOWED;
  }
}
