package io.blockmover.repository.commit;

/** What a backup is compared with. */
public enum ParentChoice {
  /** The newest backup of the volume, if there is one. */
  LATEST,
  /** Nothing: all is read and stored, or deduplicated, anew. */
  NONE
}
