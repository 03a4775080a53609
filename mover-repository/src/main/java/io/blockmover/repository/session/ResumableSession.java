package io.blockmover.repository.session;

import java.time.Instant;
import java.util.List;

/**
 * A backup that was interrupted.
 *
 * @param journals keys of its journals, in order and without gap from the first; none if all it
 *     left is a doubt
 * @param lastBeat by the store's clock
 */
public record ResumableSession(String session, Beat beat, List<String> journals, Instant lastBeat) {

  public ResumableSession {
    journals = List.copyOf(journals);
  }
}
