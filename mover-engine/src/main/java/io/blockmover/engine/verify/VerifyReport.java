package io.blockmover.engine.verify;

import io.blockmover.api.Extent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What verification found.
 *
 * @param backups how many were looked at
 * @param readBytes from the store
 * @param findings nothing if all is well
 * @param forgotten backups that were to be verified and were forgotten meanwhile
 */
public record VerifyReport(
    int backups,
    long objects,
    long chunks,
    long readBytes,
    List<Finding> findings,
    List<String> forgotten,
    Duration duration) {

  /**
   * One thing that is wrong.
   *
   * @param object key of the object, or the device's name
   * @param problem what is wrong with it
   * @param backup that needs the object; empty if nobody can say
   * @param lost extents of the volume that cannot be restored from it, ascending: all that the
   *     object speaks of; none if restoring does not need the object. For a device, the extents
   *     that hold something else
   */
  public record Finding(String object, String problem, String backup, List<Extent> lost) {}

  public VerifyReport {
    findings = List.copyOf(findings);
    forgotten = List.copyOf(forgotten);
  }

  /** The same, with what was found wrong elsewhere. */
  public VerifyReport with(List<Finding> more) {
    List<Finding> all = new ArrayList<>(more);
    all.addAll(findings);
    return new VerifyReport(backups, objects, chunks, readBytes, all, forgotten, duration);
  }
}
