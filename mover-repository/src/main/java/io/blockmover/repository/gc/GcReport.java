package io.blockmover.repository.gc;

import java.util.List;

/**
 * What a collection did, or with a dry run would have done.
 *
 * @param packs how many were looked at, with all their bytes
 * @param freedPacks how many have gone
 * @param freed the same by where they came from, the largest part first
 * @param sparedPacks how many nobody needs yet, but a session at work may
 * @param epochs how many lists of condemned packs were published
 * @param manifests of forgotten backups and of such as were never committed, that have gone
 * @param sessions that had fallen silent, whose journals and pins have gone
 * @param segments of the index that have gone
 * @param repacked what was stored anew, because little of its packs was needed
 */
public record GcReport(
    boolean dryRun,
    long packs,
    long packBytes,
    long freedPacks,
    long freedBytes,
    List<Freed> freed,
    long sparedPacks,
    long sparedBytes,
    int epochs,
    int manifests,
    int sessions,
    int segments,
    Repacked repacked) {

  public GcReport {
    freed = List.copyOf(freed);
  }

  /** Why packs are needed no more. */
  public enum Origin {
    /** The backup that stored them was forgotten. */
    FORGOTTEN,
    /** The backup that stored them was interrupted, and not continued. */
    INTERRUPTED,
    /** Whose they were is known no more: older backups used them, or a process died. */
    UNUSED,
    /** What is needed of them was stored anew. */
    REPACKED
  }

  /**
   * What was stored anew; of a dry run, what about would be.
   *
   * @param packs of which little was needed, with all their bytes
   * @param copiedBytes of the packs that took their place
   * @param backups that name these now
   */
  public record Repacked(long packs, long packBytes, long copiedBytes, int backups) {}

  /**
   * A part of what has gone.
   *
   * @param volume empty where it is not known
   */
  public record Freed(Origin origin, String volume, long packs, long bytes) {}
}
