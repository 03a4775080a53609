package io.blockmover.cbt.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.BaseSnapshotMissing;
import io.blockmover.api.ClusterUnavailable;
import io.blockmover.api.Extent;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.cbt.k8s.serve.CallerCheck;
import io.blockmover.cbt.k8s.serve.CallerCheck.Verdict;
import io.blockmover.cbt.k8s.serve.ServiceObject;
import io.blockmover.testkit.Extents;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server's own duties; what it lists is judged by the kit. */
class MetadataServerTest {

  private static final int SIZE = 1 << 20;

  @TempDir private Path directory;
  private final MemorySnapshots snapshots = new MemorySnapshots();
  private volatile CallerCheck callers = (token, namespace) -> Verdict.ALLOWED;
  private ServedApi api;
  private ServiceChannel channel;

  @BeforeEach
  void serve() throws Exception {
    api =
        new ServedApi(
            directory,
            snapshots,
            (token, namespace) -> callers.check(token, namespace),
            Duration.ofMinutes(1));
    channel = new ServiceChannel(api.endpoint(), EndpointOverride.NONE);
    byte[] content = new byte[SIZE];
    for (int at = 0; at < SIZE; at += 8192) {
      content[at] = 1;
    }
    snapshots.contents.put("new", content);
    snapshots.contents.put("old", new byte[SIZE]);
  }

  @AfterEach
  void stop() {
    channel.close();
    api.close();
  }

  private MetadataCall call(MetadataQuery query, String token, long from, int maxResults) {
    return MetadataCall.start(
        channel.channel(), query, token, from, maxResults, Duration.ofSeconds(20), 0);
  }

  private static Status.Code end(MetadataCall call) throws Exception {
    try (call) {
      while (call.next() != null) {
        continue;
      }
      return Status.Code.OK;
    } catch (CallFailed e) {
      return e.code();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', app, new, base, 0, 0, INVALID_ARGUMENT",
    "token, '', new, base, 0, 0, INVALID_ARGUMENT",
    "token, app, '', base, 0, 0, INVALID_ARGUMENT",
    "token, app, new, '', 0, 0, INVALID_ARGUMENT",
    "token, app, new, handle-old, 0, -1, INVALID_ARGUMENT",
    "token, app, new, handle-old, -1, 0, OUT_OF_RANGE",
    "token, app, new, handle-old, 1048577, 0, OUT_OF_RANGE",
    "token, app, new, handle-old, 1048576, 0, OK",
    "token, app, new, handle-gone, 0, 0, NOT_FOUND",
    "token, app, other, handle-old, 0, 0, FAILED_PRECONDITION",
    "token, app, new, handle-old, 0, 0, OK"
  })
  void whatIsAskedWronglyIsRefused(
      String token,
      String namespace,
      String snapshot,
      String base,
      long from,
      int max,
      Status.Code code)
      throws Exception {
    assertThat(end(call(new MetadataQuery.Delta(namespace, snapshot, base), token, from, max)))
        .isEqualTo(code);
    if (!base.equals("handle-gone") && !base.isEmpty()) {
      assertThat(end(call(new MetadataQuery.Allocated(namespace, snapshot), token, from, max)))
          .isEqualTo(code);
    }
  }

  @Test
  void callersAreChecked() throws Exception {
    MetadataQuery query = new MetadataQuery.Allocated("app", "new");
    callers =
        (token, namespace) ->
            token.equals("good") && namespace.equals("app") ? Verdict.ALLOWED : Verdict.NOT_ALLOWED;
    assertThat(end(call(query, "good", 0, 0))).isEqualTo(Status.Code.OK);
    assertThat(end(call(query, "bad", 0, 0))).isEqualTo(Status.Code.PERMISSION_DENIED);
    callers = (token, namespace) -> Verdict.UNKNOWN_CALLER;
    assertThat(end(call(query, "good", 0, 0))).isEqualTo(Status.Code.UNAUTHENTICATED);
    callers =
        (token, namespace) -> {
          throw new ClusterUnavailable("no answer", "", null);
        };
    assertThat(end(call(query, "good", 0, 0))).isEqualTo(Status.Code.UNAVAILABLE);
    callers =
        (token, namespace) -> {
          throw new IllegalStateException("a fault");
        };
    assertThat(end(call(query, "good", 0, 0))).isEqualTo(Status.Code.INTERNAL);
    assertThat(
            api.registry
                .get("mover.cbt.server.streams")
                .tags("kind", "allocated", "status", "PERMISSION_DENIED")
                .counter()
                .count())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"1, 128", "100, 2", "128, 1", "0, 1"})
  void messagesHoldAtMostWhatWasAskedFor(int maxResults, int messages) throws Exception {
    try (MetadataCall call =
        call(new MetadataQuery.Allocated("app", "new"), "token", 0, maxResults)) {
      int count = 0;
      for (MetadataMessage m = call.next(); m != null; m = call.next()) {
        assertThat(m.entries()).isLessThanOrEqualTo(maxResults == 0 ? 4096 : maxResults);
        assertThat(m.capacityBytes()).isEqualTo(SIZE);
        count++;
      }
      assertThat(count).isEqualTo(messages);
    }
  }

  @Test
  void healthIsToldWithoutToken() {
    assertThat(
            HealthGrpc.newBlockingStub(channel.channel())
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
  }

  @Test
  void aRenewedCertificateIsServedWithoutRestart() throws Exception {
    MetadataQuery query = new MetadataQuery.Allocated("app", "new");
    assertThat(end(call(query, "token", 0, 0))).isEqualTo(Status.Code.OK);
    api.authority = new TestAuthority();
    api.write(api.authority.issue("127.0.0.1"));
    long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    Status.Code code = Status.Code.UNAVAILABLE;
    while (code != Status.Code.OK && System.nanoTime() < giveUp) {
      channel.close();
      channel = new ServiceChannel(api.endpoint(), EndpointOverride.NONE);
      code = end(call(query, "token", 0, 0));
    }
    assertThat(code).isEqualTo(Status.Code.OK);
  }

  @Test
  void aCallerThatGoesAwayEndsTheList() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (ServedApi endless =
        new ServedApi(
            directory,
            new GeneratedSnapshots(Long.MAX_VALUE / 8192, closed::countDown),
            callers,
            Duration.ofMinutes(1))) {
      channel.close();
      channel = new ServiceChannel(endless.endpoint(), EndpointOverride.NONE);
      try (MetadataCall call = call(new MetadataQuery.Allocated("app", "new"), "token", 0, 1000)) {
        assertThat(call.next()).isNotNull();
      }
      assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aListThatTakesTooLongIsCutAndOurClientAsksForTheRest() throws Exception {
    FakeAccess access = new FakeAccess();
    int extents = 3_000_000;
    try (ServedApi hasty =
            new ServedApi(
                directory,
                new GeneratedSnapshots(extents, () -> {}),
                callers,
                Duration.ofMillis(300));
        ChangeTracker tracker =
            new SnapshotMetadataProvider(
                    access.with(hasty.endpoint()),
                    EndpointOverride.NONE,
                    StreamPolicy.DEFAULT,
                    api.registry,
                    new FakeWaiting())
                .open(SidecarTest.snapshot("new", extents * 8192L, 2))) {
      long count = 0;
      try (ExtentCursor cursor = tracker.allocated(0)) {
        for (Extent e = cursor.next(); e != null; e = cursor.next()) {
          assertThat(e.offset()).isEqualTo(count++ * 8192);
        }
      }
      assertThat(count).isEqualTo(extents);
      assertThat(
              hasty
                  .registry
                  .get("mover.cbt.server.streams")
                  .tag("status", "DEADLINE_EXCEEDED")
                  .counter()
                  .count())
          .isPositive();
    }
  }

  @Test
  void whatTheServerSaysIsUnderstoodByOurClient() throws Exception {
    FakeAccess access = new FakeAccess().with(api.endpoint());
    SnapshotMetadataProvider provider =
        new SnapshotMetadataProvider(
            access,
            EndpointOverride.NONE,
            SidecarTest.POLICY,
            new SimpleMeterRegistry(),
            new FakeWaiting());
    try (ChangeTracker tracker = provider.open(SidecarTest.snapshot("new", SIZE, 2))) {
      ChangeId old = id("old");
      assertThat(Extents.drain(tracker.changedSince(old, 0))).hasSize(128);
      assertThat(Extents.drain(tracker.changedSince(old, 8191)))
          .isEqualTo(Extents.drain(tracker.allocated(8191)));
      assertThatThrownBy(() -> tracker.changedSince(id("gone"), 0))
          .isInstanceOf(BaseSnapshotMissing.class);
      callers = (token, namespace) -> Verdict.NOT_ALLOWED;
      assertThatThrownBy(() -> tracker.allocated(0))
          .isInstanceOf(TrackingUnavailable.class)
          .hasMessageContaining("PERMISSION_DENIED");
    }
  }

  private static ChangeId id(String snapshot) {
    return CsiChangeId.of(SidecarTest.snapshot(snapshot, SIZE, 1)).orElseThrow().encoded();
  }

  @Test
  void theObjectThatLeadsHereIsPrinted() {
    assertThat(ServiceObject.yaml("a.csi", "host:1", "aud", "PEM\n"))
        .isEqualTo(
            """
            apiVersion: cbt.storage.k8s.io/v1beta1
            kind: SnapshotMetadataService
            metadata:
              name: a.csi
            spec:
              address: "host:1"
              audience: "aud"
              caCert: UEVNCg==
            """);
  }

  @Test
  void manyListsRunAtOnce() throws Exception {
    List<MetadataCall> calls =
        IntStream.range(0, 20)
            .mapToObj(i -> call(new MetadataQuery.Allocated("app", "new"), "token", 0, 1))
            .toList();
    for (MetadataCall call : calls) {
      assertThat(end(call)).isEqualTo(Status.Code.OK);
    }
  }
}
