package io.blockmover.velero.controller;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ObjectName;

/**
 * Does the next step that an object needs. What was done is told from what exists, never
 * remembered: a process that dies anywhere is followed by one that goes on. One object is given to
 * one thread at a time; a step waits for nothing but the API server's answer.
 */
@FunctionalInterface
public interface Reconciler {

  /**
   * Does one step.
   *
   * @param name of an object that may be gone
   * @throws MoverException if the API server did not do what was asked: the same step is tried
   *     again later. What cannot succeed is no exception but the end of the object, with its
   *     reason.
   */
  Next reconcile(ObjectName name) throws MoverException;
}
