package io.blockmover.velero.sweep;

import java.time.Duration;
import java.util.List;

/**
 * What a sweep found in one repository, and did.
 *
 * @param backups that the repository holds
 * @param notOfVelero of them that no tag gives to a Velero backup; never touched
 * @param referred of them whose Velero backup is in the bucket
 * @param waiting of them whose Velero backup is not, and whose time is not up
 * @param grace how long they must have been missed
 * @param nothingReferred whether no Velero backup of the bucket refers to this repository, for
 *     which the grace is doubled
 * @param forgotten ids
 * @param damaged objects that could not be read, whose volumes were left alone
 */
public record SweepReport(
    int backups,
    int notOfVelero,
    int referred,
    int waiting,
    Duration grace,
    boolean nothingReferred,
    List<String> forgotten,
    List<String> damaged) {

  public SweepReport {
    forgotten = List.copyOf(forgotten);
    damaged = List.copyOf(damaged);
  }
}
