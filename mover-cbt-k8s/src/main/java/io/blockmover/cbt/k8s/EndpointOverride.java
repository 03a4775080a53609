package io.blockmover.cbt.k8s;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Another way to the same service, such as a tunnel. What is verified stays: the certificate must
 * be of the object's authority and name the host that the object names, or the one given here.
 *
 * @param address host and port to connect to; null for the object's
 * @param authority host (and port) that the certificate must name; null for the object's
 */
public record EndpointOverride(@Nullable String address, @Nullable String authority) {

  /** Nothing is overridden. */
  public static final EndpointOverride NONE = new EndpointOverride(null, null);

  /** As {@code MOVER_CBT_ENDPOINT} and {@code MOVER_CBT_AUTHORITY} say. */
  public static EndpointOverride of(Map<String, String> environment) {
    return new EndpointOverride(
        environment.get("MOVER_CBT_ENDPOINT"), environment.get("MOVER_CBT_AUTHORITY"));
  }

  String addressOf(ServiceEndpoint endpoint) {
    return address == null ? endpoint.address() : address;
  }

  String authorityOf(ServiceEndpoint endpoint) {
    return authority == null ? endpoint.address() : authority;
  }
}
