package io.blockmover.store.s3;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * S3Proxy in this process, keeping everything in memory, with one bucket. Started once for all
 * tests. It loses updates when If-Match PUTs race, so such races are tested elsewhere.
 */
final class LocalS3 {

  static final String BUCKET = "local-bucket";
  private static final String ACCESS_KEY = "local-access";
  private static final String SECRET_KEY = "local-secret";
  private static final AtomicInteger PLACES = new AtomicInteger();
  private static final S3Proxy SERVER = start();

  private LocalS3() {}

  static URI endpoint() {
    return URI.create("http://127.0.0.1:" + SERVER.getPort());
  }

  static int port() {
    return SERVER.getPort();
  }

  /** A place that no other test uses. */
  static URI freshLocation() {
    return URI.create("s3://" + BUCKET + "/place-" + PLACES.incrementAndGet());
  }

  static S3Connection connection(URI endpoint, URI location, Map<String, String> options) {
    return connection(endpoint, location, options, ACCESS_KEY, SECRET_KEY);
  }

  static S3Connection connection(
      URI endpoint, URI location, Map<String, String> options, String accessKey, String secretKey) {
    Map<String, String> all = new HashMap<>(options);
    all.putIfAbsent("s3-endpoint", endpoint.toString());
    return new S3Connection(
        S3Location.parse(location),
        S3Options.parse(all),
        StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)),
        Map.of(),
        Duration.ofMillis(1500));
  }

  static S3ObjectStore store(Map<String, String> options) {
    return connection(endpoint(), freshLocation(), options).store();
  }

  private static S3Proxy start() {
    TransientNio2BlobStore memory = new TransientNio2BlobStore();
    memory.createContainer(BUCKET);
    S3Proxy server =
        S3Proxy.builder()
            .blobStore(memory)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
            .v4MaxNonChunkedRequestSize(128 << 20)
            .build();
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("S3Proxy does not start", e);
    }
    return server;
  }
}
