package io.blockmover.kubernetes.exposure;

import java.util.List;

/**
 * How the mover's pod is to be.
 *
 * @param image whose entry point is mover
 * @param secret in the claim's namespace; its entries become environment variables
 * @param serviceAccount in the claim's namespace
 * @param arguments of mover
 */
public record PodRequest(
    String image, String secret, String serviceAccount, List<String> arguments) {

  /** Where the pod sees the volume. */
  public static final String DEVICE = "/dev/blockmover";

  public PodRequest {
    arguments = List.copyOf(arguments);
  }
}
