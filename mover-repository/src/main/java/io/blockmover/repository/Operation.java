package io.blockmover.repository;

import io.blockmover.api.UnsupportedFormat;
import java.util.List;
import java.util.Locale;

/** What is going to be done with a repository; each can be forbidden by an unknown feature. */
public enum Operation {
  READ,
  WRITE,
  DELETE,
  CHECK;

  /**
   * Checks that no unknown feature forbids this.
   *
   * @throws UnsupportedFormat with the name of the feature
   */
  void requireAllowed(RepositoryFormat.Requirements requires) throws UnsupportedFormat {
    List<String> features =
        switch (this) {
          case READ -> requires.read();
          case WRITE -> requires.write();
          case DELETE -> requires.delete();
          case CHECK -> requires.check();
        };
    if (!features.isEmpty()) {
      throw new UnsupportedFormat(
          "to "
              + name().toLowerCase(Locale.ROOT)
              + " this repository, a program must know the feature '"
              + features.getFirst()
              + "', and this one does not",
          "use a newer mover");
    }
  }
}
