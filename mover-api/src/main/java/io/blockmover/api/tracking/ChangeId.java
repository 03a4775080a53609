package io.blockmover.api.tracking;

/**
 * What a tracker needs next time to say what changed since now. Opaque, and not always the CSI
 * handle (vSphere: an annotation).
 */
public record ChangeId(String value) {

  public ChangeId {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("empty change id");
    }
  }
}
