package io.blockmover.repository.gc;

import java.time.Duration;

/**
 * How a collection goes about it. None of this decides what is safe, but for readers of forgotten
 * backups.
 *
 * @param dryRun whether only to say what would go
 * @param silentReader a reader that has been silent for so long has died: what it pinned may go if
 *     it is forgotten
 * @param silentWriter a backup that has been silent for so long will not be continued: what it has
 *     stored goes
 * @param repack when packs of which little is needed are written anew
 */
public record GcOptions(
    boolean dryRun, Duration silentReader, Duration silentWriter, RepackOptions repack) {

  /** Half an hour for readers, a day for interrupted backups. */
  public static final GcOptions DEFAULT =
      new GcOptions(false, Duration.ofMinutes(30), Duration.ofDays(1), RepackOptions.DEFAULT);

  public GcOptions {
    if (silentReader.isNegative() || silentWriter.isNegative()) {
      throw new IllegalArgumentException("a negative time: " + silentReader + ", " + silentWriter);
    }
  }
}
