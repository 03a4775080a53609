package io.blockmover.velero.location;

import java.util.regex.Pattern;

/**
 * Whose volumes share a repository below a location, and so deduplicate against each other.
 *
 * @param text {@code -} for all of the location's, else the name of the directory that the
 *     repository is in. The names begin as nothing in a repository does.
 */
public record Domain(String text) {

  /** Never more than one directory, whoever wrote it: it becomes part of a path. */
  private static final Pattern VALID =
      Pattern.compile("-|namespace\\.[-a-z0-9]{1,63}|volume\\.[-a-z0-9]{1,63}\\.[-a-z0-9]{1,63}");

  /** All volumes of the location. */
  public static final Domain WHOLE = new Domain("-");

  public Domain {
    if (!isValid(text)) {
      throw new IllegalArgumentException("'" + text + "' is no domain of a repository");
    }
  }

  public static boolean isValid(String text) {
    return VALID.matcher(text).matches();
  }

  /** How volumes are parted. */
  public enum Scope {
    REPOSITORY,
    NAMESPACE,
    VOLUME;

    /** The one of a claim. */
    public Domain of(String namespace, String claimUid) {
      return switch (this) {
        case REPOSITORY -> WHOLE;
        case NAMESPACE -> new Domain("namespace." + namespace);
        case VOLUME -> new Domain("volume." + namespace + "." + claimUid);
      };
    }
  }

  /** Where its repository is, below the place of all. */
  public String below(String root) {
    return equals(WHOLE) ? root : root + "/" + text;
  }
}
