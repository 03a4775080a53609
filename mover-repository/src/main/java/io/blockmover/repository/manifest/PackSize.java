package io.blockmover.repository.manifest;

import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReference;

/**
 * A usage pack, as the manifest names it.
 *
 * @param name of the pack, as text
 * @param bytes size of the object
 */
public record PackSize(String name, long bytes) {

  /**
   * @throws IllegalArgumentException if the name is none
   */
  public PackSize {
    PackName.parse(name);
    if (bytes < 0) {
      throw new IllegalArgumentException(name + " has " + bytes + " bytes");
    }
  }

  /** Of a pack that was written. */
  public static PackSize of(PackReference pack) {
    return new PackSize(pack.name().text(), pack.sizeBytes());
  }

  /** Name and size. */
  public PackReference reference() {
    return new PackReference(PackName.parse(name), bytes);
  }
}
