package io.blockmover.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.StoreRejected;
import io.blockmover.api.store.StoreReport;
import io.blockmover.api.store.StoreReport.Level;
import io.blockmover.api.store.StoreReport.Suitability;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.slf4j.LoggerFactory;

/** The probe against a real store that has conditional writes; see {@link RealStore}. */
@EnabledIfEnvironmentVariable(named = "MOVER_TEST_S3_BUCKET", matches = ".+")
class RealStoreProbeIT {

  @Test
  void theStoreIsFitForManyWritersAndNothingIsLeftBehind() throws IOException {
    URI location = RealStore.freshLocation();
    StoreReport report =
        new S3ObjectStoreProvider().probe(location, RealStore.options()).orElseThrow();
    report
        .findings()
        .forEach(
            f ->
                LoggerFactory.getLogger(getClass())
                    .warn("{} {}: {}", f.level(), f.check(), f.text()));
    assertThat(report.suitability()).as("%s", report).isEqualTo(Suitability.SHARED);
    assertThat(report.options()).containsEntry("s3-cas", "true");
    assertThat(report.findings()).noneMatch(f -> f.level() == Level.FAILED);
    try (S3ObjectStore store = RealStore.open(location)) {
      assertThat(store.list("", "").next()).isEmpty();
    }
  }

  @Test
  void aMissingBucketIsNamed() {
    try (S3ObjectStore store = RealStore.open(URI.create("s3://no-such-bucket-here/x"))) {
      assertThatThrownBy(() -> store.find("k"))
          .isInstanceOf(StoreRejected.class)
          .hasMessageContaining("no bucket no-such-bucket-here");
      assertThatThrownBy(() -> store.put("k", ByteBuffer.allocate(1)))
          .isInstanceOf(StoreRejected.class);
    }
  }
}
