package io.blockmover.velero.location;

import java.util.Locale;
import java.util.Set;

/** Passwords that stand in manuals and examples: whoever finds the bucket tries them first. */
public final class SamplePassword {

  private static final Set<String> KNOWN =
      Set.of("change-me", "changeme", "change_me", "password", "secret", "static-passw0rd");

  private SamplePassword() {}

  public static boolean isOne(String password) {
    return KNOWN.contains(password.strip().toLowerCase(Locale.ROOT));
  }
}
