package io.blockmover.repository.session;

import io.blockmover.repository.manifest.DistrustRecord;
import java.util.List;

/**
 * That a list of the session's backup was found wrong. Of its journal only the chunks count then:
 * what the list left out may be missing from any record.
 *
 * @param distrusted trackers that the session caught leaving out a change; empty if a list was
 *     wrong and nobody is known to have lied
 */
public record JournalDoubt(List<DistrustRecord> distrusted) {

  @SuppressWarnings("NullAway") // JSON may lack it
  public JournalDoubt {
    distrusted = distrusted == null ? List.of() : List.copyOf(distrusted);
  }
}
