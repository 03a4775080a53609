package io.blockmover.kubernetes;

import java.time.Instant;

/**
 * A token of a service account. Secret: never log the value.
 *
 * @param expires when it ends; {@link Instant#MAX} if that is unknown
 */
public record ServiceToken(String value, Instant expires) {

  @Override
  public String toString() {
    return "token until " + expires;
  }
}
