package io.blockmover.cli;

import java.util.Locale;
import java.util.Set;

/** Passwords that stand in manuals and examples: whoever finds the bucket tries them first. */
final class SamplePassword {

  private static final Set<String> KNOWN =
      Set.of("change-me", "changeme", "change_me", "password", "secret", "static-passw0rd");

  private SamplePassword() {}

  /** The password, if it is not one of those. */
  static String refuse(String password) throws Complaint {
    if (KNOWN.contains(password.strip().toLowerCase(Locale.ROOT))) {
      throw Complaint.failure(
          "the repository's password is the one of an example",
          "put one of your own into the Secret, and keep a copy outside the cluster");
    }
    return password;
  }
}
