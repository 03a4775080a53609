package io.blockmover.kubernetes;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.MoverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** A token that the kubelet writes into a projected volume, and renews. */
final class ProjectedToken implements TokenSource {

  private final Path file;

  ProjectedToken(Path file) {
    this.file = file;
  }

  @Override
  public ServiceToken token() throws MoverException {
    String value;
    try {
      value = Files.readString(file).strip();
    } catch (IOException e) {
      throw new AccessDenied(
          "cannot read the token file " + file + ": " + e.getMessage(),
          "project a serviceAccountToken with the service's audience to that place",
          e);
    }
    if (value.isEmpty()) {
      throw new AccessDenied("the token file " + file + " is empty", "look at the pod's volumes");
    }
    return new ServiceToken(value, Instant.MAX);
  }

  /** Each token is read from the file, which the kubelet renews in time. */
  @Override
  public void discard() {}
}
