package io.blockmover.store.s3;

import io.blockmover.api.store.ObjectStore;
import io.blockmover.testkit.ObjectStoreConformance;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/** The conformance kit against S3Proxy in this process. */
@Tag("slow")
class S3ProxyConformanceTest extends ObjectStoreConformance {

  private final URI location = LocalS3.freshLocation();

  @Override
  protected ObjectStore createStore() {
    return LocalS3.connection(LocalS3.endpoint(), location, Map.of()).store();
  }

  @Override
  protected ObjectStore createSecondClient(ObjectStore first) {
    return createStore();
  }

  @Override
  protected int manyKeys() {
    return 1_100;
  }

  /**
   * Not with S3Proxy: its If-Match is a look followed by a write, and loses updates when they race.
   * RealStoreIT runs this on a store that can be trusted.
   */
  @Override
  protected void noUpdateIsLostWhereManySwap() {}
}
