package io.blockmover.cbt.k8s;

import io.blockmover.api.MoverException;
import java.util.Optional;

/**
 * What the client needs of a cluster. Thread-safe; calls block. Nothing is remembered between calls
 * but tokens: objects change while streams run.
 */
public interface ServiceAccess {

  /**
   * The driver's service, found by the driver's name; empty if it offers none.
   *
   * @throws MoverException if the API server does not answer, or the object cannot be used
   */
  Optional<ServiceEndpoint> find(String driver) throws MoverException;

  /**
   * A token for the service's audience that is good for some time yet. Secret.
   *
   * @throws MoverException if there is none to be had
   */
  String token(ServiceEndpoint endpoint) throws MoverException;

  /** The service refused the last token: the next one must be new. */
  void discardToken(ServiceEndpoint endpoint);

  /**
   * Checks that the VolumeSnapshot and what it is bound to can still be asked about; asked before a
   * stream is opened again, as the service says UNAVAILABLE to a deleted one, and one without a
   * status ends the service's process.
   *
   * @throws MoverException if not, with what is the matter
   */
  void requireUsable(String namespace, String snapshot) throws MoverException;
}
