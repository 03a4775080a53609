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
   * @param backup whose restore it breaks
   * @param lost extents of the volume that cannot be restored, ascending; all of it if the map is
   *     gone
   */
  public record Finding(String object, String problem, String backup, List<Extent> lost) {}

  public VerifyReport {
    findings = List.copyOf(findings);
  }
}
