package io.blockmover.velero.controller;

import java.time.Duration;

/** When to look at an object again. */
public sealed interface Next {

  /** At once: a step was done, and the next can be. */
  record Now() implements Next {}

  /** When anything of it changes, and after this time in any case. */
  record After(Duration delay) implements Next {}

  /** Never: it has ended, and nothing of it is left. */
  record Done() implements Next {}
}
