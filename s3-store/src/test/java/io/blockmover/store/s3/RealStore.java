package io.blockmover.store.s3;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The store that MOVER_TEST_S3_ENDPOINT and MOVER_TEST_S3_BUCKET name; credentials come by the
 * usual chain (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY). MOVER_TEST_S3_CA_FILE and
 * MOVER_TEST_S3_REGION if it needs them.
 */
final class RealStore {

  private RealStore() {}

  static Map<String, String> options() {
    Map<String, String> options = new HashMap<>();
    set(options, "s3-endpoint", "MOVER_TEST_S3_ENDPOINT");
    set(options, "s3-ca-file", "MOVER_TEST_S3_CA_FILE");
    set(options, "s3-region", "MOVER_TEST_S3_REGION");
    return options;
  }

  /** A place in the bucket that holds nothing; short, for some test rigs limit whole keys. */
  static URI freshLocation() {
    String bucket = System.getenv("MOVER_TEST_S3_BUCKET");
    return URI.create("s3://" + bucket + "/i" + UUID.randomUUID().toString().substring(0, 5));
  }

  static S3ObjectStore open(URI location) {
    return S3Connection.of(location, S3Options.parse(options())).store();
  }

  private static void set(Map<String, String> options, String name, String variable) {
    Optional.ofNullable(System.getenv(variable)).ifPresent(value -> options.put(name, value));
  }
}
