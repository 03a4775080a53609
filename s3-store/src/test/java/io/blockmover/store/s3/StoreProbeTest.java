package io.blockmover.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.StoreRejected;
import io.blockmover.api.store.StoreReport;
import io.blockmover.api.store.StoreReport.Level;
import io.blockmover.api.store.StoreReport.Suitability;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class StoreProbeTest {

  private static final FaultProxy.Fault FORBIDDEN =
      FaultProxy.reply(
          "HTTP/1.1 403 Forbidden",
          "<Error><Code>AccessDenied</Code><Message>no</Message></Error>");

  @Test
  @Tag("slow")
  void s3ProxyIsForASingleWriterBecauseItLosesUpdatesAndNothingIsLeft() throws IOException {
    URI location = LocalS3.freshLocation();
    S3Connection connection = LocalS3.connection(LocalS3.endpoint(), location, Map.of());
    StoreReport report = StoreProbe.run(connection);
    assertThat(report.suitability()).as("%s", report).isEqualTo(Suitability.SINGLE_WRITER);
    assertThat(report.options())
        .containsEntry("s3-checksum", "crc32c")
        .containsEntry("s3-etag", "unquoted")
        .containsEntry("s3-server", LocalS3.endpoint().toString())
        .containsEntry("s3-put-if-absent", "true")
        .containsEntry("s3-cas", "false");
    assertThat(report.findings()).noneMatch(f -> f.level() == Level.FAILED);
    assertThat(report.findings())
        .extracting(StoreReport.Finding::check)
        .contains("server", "clock", "checksum", "listing", "latency", "throughput", "ranges");
    try (S3ObjectStore store = connection.store()) {
      assertThat(store.list("", "").next()).isEmpty();
    }
  }

  @Test
  void aMissingBucketStopsTheProbeWithItsReason() {
    S3Connection connection =
        LocalS3.connection(LocalS3.endpoint(), URI.create("s3://no-such-bucket/x"), Map.of());
    assertThatThrownBy(() -> StoreProbe.run(connection)).isInstanceOf(StoreRejected.class);
  }

  @Test
  void aStoreThatRefusesWritesIsUnusableAndTheReportSaysWhy() throws IOException {
    try (FaultProxy proxy = new FaultProxy(LocalS3.port())) {
      proxy.queue(FaultProxy.pass());
      proxy.queue(FORBIDDEN);
      Map<String, String> options = Map.of("s3-endpoint", proxy.endpoint().toString());
      StoreReport report =
          StoreProbe.run(LocalS3.connection(proxy.endpoint(), LocalS3.freshLocation(), options));
      assertThat(report.suitability()).isEqualTo(Suitability.UNUSABLE);
      assertThat(report.findings())
          .anySatisfy(
              f -> {
                assertThat(f.level()).isEqualTo(Level.FAILED);
                assertThat(f.text()).contains("AccessDenied").contains("may list, read, write");
              });
    }
  }

  @Test
  void aStoreThatIsBusyForAMomentIsTriedOutOnceMore() throws IOException {
    try (FaultProxy proxy = new FaultProxy(LocalS3.port())) {
      proxy.queue(FaultProxy.pass());
      proxy.queue(
          FaultProxy.reply(
              "HTTP/1.1 409 Conflict", "<Error><Code>ExistingObjectIsDirectory</Code></Error>"));
      Map<String, String> options = Map.of("s3-endpoint", proxy.endpoint().toString());
      StoreReport report =
          StoreProbe.run(LocalS3.connection(proxy.endpoint(), LocalS3.freshLocation(), options));
      assertThat(report.findings()).noneMatch(f -> f.check().equals("stopped"));
    }
  }

  @Test
  void aProbeThatBreaksOffLeavesNothing() throws IOException {
    URI location = LocalS3.freshLocation();
    try (FaultProxy proxy = new FaultProxy(LocalS3.port())) {
      AtomicBoolean refused = new AtomicBoolean();
      for (int request = 0; request < 20; request++) {
        proxy.queue(
            exchange -> {
              boolean now =
                  exchange.head().startsWith("DELETE ") && refused.compareAndSet(false, true);
              (now ? FORBIDDEN : FaultProxy.pass()).apply(exchange);
            });
      }
      Map<String, String> options = Map.of("s3-endpoint", proxy.endpoint().toString());
      StoreReport report = StoreProbe.run(LocalS3.connection(proxy.endpoint(), location, options));
      assertThat(report.suitability()).isEqualTo(Suitability.UNUSABLE);
      assertThat(refused).isTrue();
      assertThat(report.findings()).noneMatch(f -> f.check().equals("leftovers"));
    }
    try (S3ObjectStore store = LocalS3.connection(LocalS3.endpoint(), location, Map.of()).store()) {
      assertThat(store.list("", "").next()).isEmpty();
    }
  }
}
