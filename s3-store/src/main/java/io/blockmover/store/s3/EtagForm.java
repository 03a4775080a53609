package io.blockmover.store.s3;

/**
 * How a store wants the ETag in If-Match. Unquoted is the only form that worked on all measured.
 */
enum EtagForm {
  UNQUOTED,
  QUOTED;

  /** A version tag (always without quotes) as this store's If-Match. */
  String ifMatch(String tag) {
    return this == QUOTED ? '"' + tag + '"' : tag;
  }

  /** An ETag header as a version tag. */
  static String tag(String etag) {
    boolean quoted = etag.length() >= 2 && etag.startsWith("\"") && etag.endsWith("\"");
    return quoted ? etag.substring(1, etag.length() - 1) : etag;
  }
}
