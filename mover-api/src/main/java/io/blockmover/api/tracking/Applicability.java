package io.blockmover.api.tracking;

/** Whether a tracker can be used for a snapshot. */
public sealed interface Applicability {

  /** It can. */
  record Applicable() implements Applicability {}

  /**
   * It cannot.
   *
   * @param reason a sentence for the operator
   */
  record NotApplicable(String reason) implements Applicability {}
}
