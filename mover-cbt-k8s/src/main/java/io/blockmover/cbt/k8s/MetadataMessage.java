package io.blockmover.cbt.k8s;

import io.blockmover.cbt.k8s.proto.BlockMetadata;
import java.util.List;

/**
 * One message of a stream as it came, checked by nobody yet.
 *
 * @param number within the stream, from 1
 * @param type number of the block metadata type: 1 fixed length, 2 variable length
 * @param capacityBytes what the driver takes for the size of the volume
 * @param entries possibly none
 */
public record MetadataMessage(
    int number, int type, long capacityBytes, List<BlockMetadata> entries) {

  /** All extents have one size. */
  public static final int FIXED_LENGTH = 1;

  /** Extents differ in size. */
  public static final int VARIABLE_LENGTH = 2;
}
