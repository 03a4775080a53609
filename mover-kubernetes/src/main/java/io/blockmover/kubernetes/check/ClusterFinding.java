package io.blockmover.kubernetes.check;

/**
 * One thing looked at.
 *
 * @param check what was looked at, a few words
 * @param text what was found, a sentence
 * @param why why it matters to backups; empty where it is fine
 * @param fix the command that repairs it; empty where none can
 */
public record ClusterFinding(Level level, String check, String text, String why, String fix) {

  /** How it is to be taken. */
  public enum Level {
    FINE,
    /** Backups work, but not as well as they could, or not everywhere. */
    WARNING,
    /** Something that a backup needs does not work. */
    BROKEN
  }

  public static ClusterFinding fine(String check, String text) {
    return new ClusterFinding(Level.FINE, check, text, "", "");
  }

  public static ClusterFinding warning(String check, String text, String why, String fix) {
    return new ClusterFinding(Level.WARNING, check, text, why, fix);
  }

  public static ClusterFinding broken(String check, String text, String why, String fix) {
    return new ClusterFinding(Level.BROKEN, check, text, why, fix);
  }
}
