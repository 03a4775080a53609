package io.blockmover.store.s3;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a probe found out, as it is kept with a repository: the options that matter, and the server
 * that they were found out at. It is advice: a repository may be moved to another server, and
 * whoever can write to an unencrypted one can write this.
 */
final class Learned {

  /** Not an option: where the others were learned. */
  static final String SERVER = "s3-server";

  private static final Set<String> TAKEN_OVER =
      Set.of(S3Options.CHECKSUM, S3Options.ETAG, S3Options.EXPECT_CONTINUE);

  private Learned() {}

  /**
   * The settings of a store with what was learned where the user chose nothing.
   *
   * @param server that the store talks to
   */
  static S3Options with(S3Options options, Map<String, String> learned, String server) {
    if (!server.equals(learned.get(SERVER))) {
      return options;
    }
    Map<String, String> known = new HashMap<>(learned);
    known.keySet().retainAll(TAKEN_OVER);
    try {
      return options.orElse(known);
    } catch (IllegalArgumentException e) {
      return options; // values of a newer version of this program
    }
  }
}
