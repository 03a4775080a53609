package io.blockmover.cbt.k8s;

import io.blockmover.api.Extent;
import io.blockmover.cbt.k8s.proto.BlockMetadata;
import java.util.ArrayList;
import java.util.List;

/** One message of a stream as it came. */
public final class MetadataMessage {

  /** All extents have one size. */
  public static final int FIXED_LENGTH = 1;

  /** Extents differ in size. */
  public static final int VARIABLE_LENGTH = 2;

  private final int number;
  private final int type;
  private final long capacityBytes;
  private final List<BlockMetadata> entries;

  MetadataMessage(int number, int type, long capacityBytes, List<BlockMetadata> entries) {
    this.number = number;
    this.type = type;
    this.capacityBytes = capacityBytes;
    this.entries = entries;
  }

  /**
   * A message of extents that did not come from a service.
   *
   * @param number place within the stream, from 1
   */
  public static MetadataMessage of(int number, long capacityBytes, List<Extent> extents) {
    List<BlockMetadata> entries = new ArrayList<>();
    for (Extent extent : extents) {
      entries.add(
          BlockMetadata.newBuilder()
              .setByteOffset(extent.offset())
              .setSizeBytes(extent.length())
              .build());
    }
    return new MetadataMessage(number, VARIABLE_LENGTH, capacityBytes, entries);
  }

  /** Place within the stream, from 1. */
  public int number() {
    return number;
  }

  /** Number of the block metadata type; anything, if the driver is wrong. */
  public int type() {
    return type;
  }

  /** What the driver takes for the size of the volume. */
  public long capacityBytes() {
    return capacityBytes;
  }

  /** Number of entries, possibly none. */
  public int entries() {
    return entries.size();
  }

  /** Where an entry begins. */
  public long offset(int entry) {
    return entries.get(entry).getByteOffset();
  }

  /** How long an entry is. */
  public long sizeBytes(int entry) {
    return entries.get(entry).getSizeBytes();
  }
}
