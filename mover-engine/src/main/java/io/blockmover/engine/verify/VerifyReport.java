package io.blockmover.engine.verify;

import io.blockmover.api.Extent;
import java.time.Duration;
import java.util.List;

/**
 * What verification found.
 *
 * @param readBytes from the store
 * @param findings nothing if all is well
 */
public record VerifyReport(
    int backups,
    long objects,
    long chunks,
    long readBytes,
    List<Finding> findings,
    Duration duration) {

  /**
   * One thing that is wrong.
   *
   * @param object key of the object, or the device's name
   * @param problem what is wrong with it
   * @param backup that needs the object
   * @param lost extents of the volume that cannot be restored from it, ascending: all that the
   *     object speaks of; none if restoring does not need the object. For a device, the extents
   *     that hold something else
   */
  public record Finding(String object, String problem, String backup, List<Extent> lost) {}

  public VerifyReport {
    findings = List.copyOf(findings);
  }
}
