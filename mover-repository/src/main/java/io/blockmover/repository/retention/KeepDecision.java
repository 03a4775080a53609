package io.blockmover.repository.retention;

import io.blockmover.repository.head.BackupRow;
import java.util.List;

/**
 * Whether a backup stays, and why.
 *
 * @param reasons empty if it goes
 */
public record KeepDecision(BackupRow row, List<String> reasons) {

  public KeepDecision {
    reasons = List.copyOf(reasons);
  }

  public boolean isKept() {
    return !reasons.isEmpty();
  }
}
