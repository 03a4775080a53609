package io.blockmover.cbt.k8s;

/**
 * What is the same in all messages of a stream, and in the streams that one is resumed by.
 *
 * @param type number of the block metadata type
 * @param capacityBytes what the driver takes for the size of the volume
 */
record StreamShape(int type, long capacityBytes) {

  @Override
  public String toString() {
    return (type == MetadataMessage.FIXED_LENGTH ? "fixed" : "variable")
        + " length, "
        + capacityBytes
        + " bytes";
  }
}
