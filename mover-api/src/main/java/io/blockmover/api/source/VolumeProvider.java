package io.blockmover.api.source;

import io.blockmover.api.MoverException;
import java.util.Map;

/**
 * Opens volumes that are named by an address and not by a path, such as {@code rbd:pool/image};
 * found by {@link java.util.ServiceLoader}. Thread-safe.
 */
public interface VolumeProvider {

  /** What stands before the first colon of an address, lower case: {@code "rbd"}. */
  String scheme();

  /**
   * Opens a volume to be read. Nothing of the storage is changed.
   *
   * @param address as the user wrote it, scheme and colon included
   * @param options settings by name, such as {@code ceph-conf}; unknown names are an error
   * @throws IllegalArgumentException if the address or an option makes no sense, with a message for
   *     the user
   * @throws io.blockmover.api.AccessDenied if the storage refuses these credentials
   * @throws io.blockmover.api.DeviceFailed if the volume does not exist or the storage does not
   *     answer
   */
  AddressedVolume openSource(String address, Map<String, String> options) throws MoverException;

  /**
   * Opens a volume to be written, or makes it. Nothing is changed before all checks have passed;
   * after a failure nothing is left but, perhaps, a volume that was made and holds nothing.
   *
   * @param address as for {@link #openSource}
   * @param terms what it must hold and what may be done to it
   * @param options as for {@link #openSource}
   * @throws IllegalArgumentException if the address or an option makes no sense, with a message for
   *     the user
   * @throws io.blockmover.api.TargetRefused if it is in use, too small, not there, or holds
   *     something that may not be overwritten
   * @throws io.blockmover.api.AccessDenied if these credentials may not write it
   * @throws io.blockmover.api.DeviceFailed if the storage does not answer
   */
  BlockTarget openTarget(String address, TargetTerms terms, Map<String, String> options)
      throws MoverException;
}
