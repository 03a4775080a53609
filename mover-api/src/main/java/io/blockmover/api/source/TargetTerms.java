package io.blockmover.api.source;

/**
 * What a target must hold, and what may be done to it.
 *
 * @param sizeBytes of the backup; a volume that is made gets this size
 * @param force overwrite a volume that holds something; never one that is in use
 * @param create make the volume if there is none
 * @param readOnly open it only to be looked at: writes will not be asked for
 */
public record TargetTerms(long sizeBytes, boolean force, boolean create, boolean readOnly) {

  public TargetTerms {
    if (sizeBytes < 0) {
      throw new IllegalArgumentException("size " + sizeBytes);
    }
  }
}
