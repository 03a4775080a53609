package io.blockmover.velero.location;

/**
 * What is the same for all locations.
 *
 * @param passwordSecret Secret of Velero's namespace with the repository's password
 * @param passwordKey the entry that holds it
 */
public record LocationSettings(String passwordSecret, String passwordKey) {

  public static final String DEFAULT_PASSWORD_KEY = "password";

  public LocationSettings {
    if (passwordSecret.isBlank() || passwordKey.isBlank()) {
      throw new IllegalArgumentException(
          "no Secret holds the repository's password: there is no repository without one");
    }
  }
}
