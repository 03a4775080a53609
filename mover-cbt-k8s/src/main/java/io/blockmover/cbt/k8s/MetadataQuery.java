package io.blockmover.cbt.k8s;

/** A question to the service. */
public sealed interface MetadataQuery {

  /** Namespace of the VolumeSnapshot. */
  String namespace();

  /** The VolumeSnapshot. */
  String snapshot();

  /** What of a snapshot holds data. */
  record Allocated(String namespace, String snapshot) implements MetadataQuery {
    @Override
    public String toString() {
      return "the allocated extents of VolumeSnapshot " + namespace + "/" + snapshot;
    }
  }

  /**
   * What changed since another.
   *
   * @param baseId the storage's own name of the base
   */
  record Delta(String namespace, String snapshot, String baseId) implements MetadataQuery {
    @Override
    public String toString() {
      return "what changed in VolumeSnapshot " + namespace + "/" + snapshot + " since " + baseId;
    }
  }
}
