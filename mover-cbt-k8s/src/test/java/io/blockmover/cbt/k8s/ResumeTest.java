package io.blockmover.cbt.k8s;

import static io.blockmover.cbt.k8s.SidecarReply.Message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.BaseSnapshotMissing;
import io.blockmover.api.Extent;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.testkit.Extents;
import io.blockmover.testkit.TestSeed;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that break, and what is done about each way of breaking. */
class ResumeTest extends SidecarTest {

  private static final Extent FIRST = new Extent(0, KIB4);
  private static final Extent SECOND = new Extent(3 * KIB4, KIB4);

  private static List<Extent> randomList(Random random) {
    List<Extent> list = new ArrayList<>();
    for (long at = random.nextInt(3) * KIB4; at < SIZE; at += (1 + random.nextInt(3)) * KIB4) {
      list.add(new Extent(at, KIB4));
    }
    return list;
  }

  /** As a driver answers that rounds offsets down to blocks of 16 KiB. */
  private static List<Extent> from(List<Extent> list, long from) {
    long rounded = from / (4 * KIB4) * (4 * KIB4);
    return Extents.clip(list, Extent.between(rounded, Long.MAX_VALUE)).stream()
        .filter(extent -> extent.end() > from)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void aStreamThatIsCutAgainAndAgainListsTheSame(int messages) throws Exception {
    List<Extent> list = randomList(TestSeed.random("cut after " + messages));
    sidecar.answering(request -> SidecarReply.of(list, SIZE, 5));
    List<Extent> whole = allocated();
    int before = sidecar.requests.size();
    sidecar.answering(
        request ->
            SidecarReply.of(from(list, request.from()), SIZE, 5)
                .cutAfter(messages, Status.UNAVAILABLE));
    assertThat(allocated()).isEqualTo(whole);
    assertThat(sidecar.requests.size() - before).isGreaterThan(list.size() / 5 / messages - 1);
    assertThat(sidecar.requests.subList(before, sidecar.requests.size()))
        .extracting(FakeSidecar.Request::from)
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"INTERNAL", "UNKNOWN", "ABORTED", "CANCELLED", "DEADLINE_EXCEEDED", "UNAVAILABLE"})
  void theRestIsAskedForFromTheLastEnd(Status.Code code) throws Exception {
    sidecar.answering(
        request ->
            request.from() == 0
                ? new SidecarReply(
                    List.of(Message.of(SIZE, 0, KIB4)), code.toStatus().withDescription("broke"))
                : SidecarReply.ok(Message.of(SIZE, 3 * KIB4, KIB4)));
    assertThat(allocated()).containsExactly(FIRST, SECOND);
    assertThat(sidecar.requests).extracting(FakeSidecar.Request::from).containsExactly(0L, 4096L);
    assertThat(registry.get("mover.tracker.resumes").counter().count()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"INTERNAL", "UNKNOWN", "ABORTED", "CANCELLED", "UNAVAILABLE"})
  void withoutProgressItGivesUpAfterAFewTries(Status.Code code) {
    sidecar.answering(request -> SidecarReply.failing(code.toStatus().withDescription("broke")));
    assertThatThrownBy(this::allocated)
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessageContaining(code + " (broke)");
    assertThat(sidecar.requests).hasSize(POLICY.attempts());
    assertThat(waiting.pauses)
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
  }

  @Test
  void aTimeLimitWithoutProgressIsNotTriedTwice() {
    sidecar.answering(request -> SidecarReply.failing(Status.DEADLINE_EXCEEDED));
    assertThatThrownBy(this::allocated).isInstanceOf(TrackingUnavailable.class);
    assertThat(sidecar.requests).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {
        "INVALID_ARGUMENT",
        "PERMISSION_DENIED",
        "UNIMPLEMENTED",
        "ALREADY_EXISTS",
        "DATA_LOSS",
        "OUT_OF_RANGE"
      })
  void whatNothingCanChangeIsSaidAtOnce(Status.Code code) {
    sidecar.answering(request -> SidecarReply.failing(code.toStatus().withDescription("no")));
    assertThatThrownBy(this::allocated)
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessage(
            "driver fake.csi did not list the allocated extents of VolumeSnapshot app/new: %s (no)"
                .formatted(code));
    assertThat(sidecar.requests).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"NOT_FOUND", "FAILED_PRECONDITION"})
  void aBaseThatIsGoneIsSaidToBe(Status.Code code) {
    sidecar.answering(request -> SidecarReply.failing(code.toStatus()));
    assertThatThrownBy(this::changed).isInstanceOf(BaseSnapshotMissing.class);
    assertThatThrownBy(this::allocated).isInstanceOf(TrackingUnavailable.class);
    assertThat(sidecar.requests).hasSize(2);
  }

  @Test
  void messagesThatAreTooLongAreAskedForShorter() throws Exception {
    List<Extent> list = randomList(TestSeed.random("too long"));
    sidecar.answering(
        request ->
            request.maxResults() == 0 || request.maxResults() > 2000
                ? SidecarReply.failing(Status.RESOURCE_EXHAUSTED)
                : SidecarReply.of(list, SIZE, request.maxResults()));
    try (ChangeTracker tracker =
        new SnapshotMetadataProvider(
                access,
                EndpointOverride.NONE,
                new StreamPolicy(
                    0, 2, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(9), Duration.ZERO),
                registry,
                waiting)
            .open(snapshot("new", SIZE, 2))) {
      assertThat(Extents.drain(tracker.allocated(0))).isNotEmpty();
    }
    assertThat(sidecar.requests)
        .extracting(FakeSidecar.Request::maxResults)
        .containsExactly(0, 4096, 1024);
    sidecar.answering(request -> SidecarReply.failing(Status.RESOURCE_EXHAUSTED));
    assertThatThrownBy(this::allocated).isInstanceOf(TrackingUnavailable.class);
  }

  @Test
  void anOffsetBehindTheLastByteIsTheEnd() throws Exception {
    sidecar.answering(
        request ->
            request.from() == 0
                ? new SidecarReply(
                    List.of(Message.of(SIZE, SIZE - KIB4, 2 * KIB4)), Status.UNAVAILABLE)
                : SidecarReply.failing(Status.OUT_OF_RANGE));
    assertThat(allocated()).containsExactly(Extent.between(SIZE - KIB4, SIZE));
  }

  @Test
  void anExpiredTokenIsRenewedOnce() throws Exception {
    access.token = "expired";
    assertThat(allocated()).isEmpty();
    assertThat(sidecar.requests)
        .extracting(FakeSidecar.Request::token)
        .containsExactly("expired", "token");
    access.token = "expired";
    access.tokenAfterDiscard = "expired";
    assertThatThrownBy(this::allocated)
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessageContaining("UNAUTHENTICATED");
    assertThat(sidecar.requests).hasSize(4);
  }

  @Test
  void aTokenThatEndsBetweenTwoCallsIsRenewed() throws Exception {
    sidecar.answering(
        request -> {
          sidecar.goodTokens.clear();
          sidecar.goodTokens.add("token-" + request.from());
          access.tokenAfterDiscard = "token-" + request.from();
          return SidecarReply.of(
                  from(List.of(FIRST, SECOND, new Extent(9 * KIB4, KIB4)), request.from()), SIZE, 1)
              .cutAfter(1, Status.UNAVAILABLE);
        });
    assertThat(allocated()).hasSize(3);
    assertThat(access.tokensDiscarded).hasValue(2);
  }

  @Test
  void aSnapshotThatIsGoneIsNotAskedAboutAgain() {
    sidecar.answering(request -> SidecarReply.failing(Status.UNAVAILABLE));
    access.snapshotTrouble =
        () -> new TrackingUnavailable("there is no VolumeSnapshot app/new", "take a new one");
    assertThatThrownBy(this::allocated)
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessage(
            "driver fake.csi cannot list the allocated extents of VolumeSnapshot app/new:"
                + " there is no VolumeSnapshot app/new");
    assertThat(sidecar.requests).hasSize(1);
  }

  @Test
  void aVolumeThatGrowsMeanwhileIsListedFromAnewAndNothingIsHandedOutTwice() throws Exception {
    SidecarReply broken =
        new SidecarReply(
            List.of(Message.of(SIZE, 0, KIB4, 3 * KIB4, KIB4, 9 * KIB4, KIB4)), Status.UNAVAILABLE);
    SidecarReply grown =
        SidecarReply.ok(Message.of(2 * SIZE, 0, KIB4, 3 * KIB4, KIB4, 9 * KIB4, KIB4, SIZE, 1));
    sidecar.answering(
        request ->
            request.from() == 0 && sidecar.requests.size() == 1 ? broken : from(grown, request));
    assertThat(allocated()).containsExactly(FIRST, SECOND, new Extent(9 * KIB4, KIB4));
    assertThat(sidecar.requests)
        .extracting(FakeSidecar.Request::from)
        .containsExactly(0L, 10L * KIB4, 0L);
  }

  private static SidecarReply from(SidecarReply reply, FakeSidecar.Request request) {
    List<SidecarReply.Message> messages = new ArrayList<>();
    for (SidecarReply.Message message : reply.messages()) {
      messages.add(
          new SidecarReply.Message(
              message.type(),
              message.capacity(),
              message.entries().stream()
                  .filter(e -> e.offset() + e.size() > request.from())
                  .toList()));
    }
    return new SidecarReply(messages, reply.end());
  }

  @Test
  void aListThatIsAnotherOneWhenReadAgainIsRefused() {
    sidecar.answering(
        request ->
            switch (sidecar.requests.size()) {
              case 1 ->
                  new SidecarReply(
                      List.of(Message.of(SIZE, 0, KIB4, 3 * KIB4, KIB4)), Status.UNAVAILABLE);
              default ->
                  SidecarReply.ok(Message.of(2 * SIZE, Math.max(request.from(), KIB4), KIB4));
            });
    assertThatThrownBy(this::allocated)
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessageContaining("driver fake.csi changed its mind");
  }

  @Test
  void aListThatIsShorterWhenReadAgainIsRefused() {
    sidecar.answering(
        request ->
            switch (sidecar.requests.size()) {
              case 1 ->
                  new SidecarReply(
                      List.of(Message.of(SIZE, 0, KIB4, 3 * KIB4, KIB4)), Status.UNAVAILABLE);
              case 2 -> SidecarReply.ok(Message.of(2 * SIZE, 8 * KIB4, KIB4));
              default -> SidecarReply.ok();
            });
    assertThatThrownBy(this::allocated)
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessageContaining("driver fake.csi changed its mind");
  }

  @Test
  void aVolumeThatNeverStopsChangingItsSizeIsGivenUp() {
    sidecar.answering(
        request ->
            new SidecarReply(
                List.of(Message.of(SIZE + sidecar.requests.size(), request.from(), KIB4)),
                Status.UNAVAILABLE));
    assertThatThrownBy(this::allocated).isInstanceOf(TrackingUnavailable.class);
  }

  @Test
  void aListTakenUpByAnotherCursorMustBeOfTheSameCapacity() throws Exception {
    sidecar.answering(request -> SidecarReply.ok(Message.of(SIZE, 0, KIB4, 8 * KIB4, KIB4)));
    try (ChangeTracker tracker = provider().open(snapshot("new", SIZE, 2))) {
      Extents.drain(tracker.allocated(0));
      assertThat(Extents.drain(tracker.allocated(KIB4))).hasSize(1);
      sidecar.answering(request -> SidecarReply.ok(Message.of(2 * SIZE, 8 * KIB4, KIB4)));
      assertThatThrownBy(() -> tracker.allocated(KIB4)).isInstanceOf(TrackingUnavailable.class);
      assertThat(Extents.drain(tracker.allocated(0))).hasSize(1);
    }
  }

  @Test
  void offsetsThatAreNoDriversOwnAreRoundedDown() throws Exception {
    sidecar.answering(request -> SidecarReply.ok(Message.of(SIZE, 0, KIB4, 8 * KIB4, KIB4)));
    assertThat(allocated(KIB4 + 1)).containsExactly(new Extent(8 * KIB4, KIB4));
    assertThat(sidecar.requests.getFirst().from()).isZero();
  }

  @Test
  void anEndAtTheSidecarsLimitIsAskedAboutOnceMore() throws Exception {
    sidecar.answering(
        request -> {
          if (request.from() == 0) {
            waiting.pass(Duration.ofMinutes(10));
            return SidecarReply.ok(Message.of(SIZE, 0, KIB4));
          }
          return SidecarReply.ok(Message.of(SIZE, 3 * KIB4, KIB4));
        });
    assertThat(allocated()).containsExactly(FIRST, SECOND);
  }

  @Test
  void endsThatAreSuspectForEverAreNotBelieved() {
    sidecar.answering(
        request -> {
          waiting.pass(Duration.ofMinutes(10).plusMillis(50));
          return SidecarReply.ok();
        });
    assertThatThrownBy(this::allocated).isInstanceOf(TrackingUnavailable.class);
  }

  @Test
  void closingEndsTheCallAtTheOtherSide() throws Exception {
    sidecar
        .hanging()
        .answering(request -> SidecarReply.ok(Message.of(SIZE, 0, KIB4, 8 * KIB4, KIB4)));
    try (ChangeTracker tracker = provider().open(snapshot("new", SIZE, 2))) {
      ExtentCursor cursor = tracker.allocated(0);
      assertThat(cursor.next()).isEqualTo(FIRST);
      cursor.close();
      assertThat(sidecar.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(cursor::next).isInstanceOf(TrackingUnavailable.class);
    }
  }

  @Test
  void aPeerThatSaysNothingIsGivenUp() throws Exception {
    sidecar.hanging();
    StreamPolicy impatient =
        new StreamPolicy(1, 2, Duration.ZERO, Duration.ZERO, Duration.ofMillis(100), Duration.ZERO);
    try (ChangeTracker tracker =
        new SnapshotMetadataProvider(access, EndpointOverride.NONE, impatient, registry, waiting)
            .open(snapshot("new", SIZE, 2))) {
      assertThatThrownBy(() -> tracker.allocated(0))
          .isInstanceOf(TrackingUnavailable.class)
          .hasMessageContaining("nothing came for");
    }
  }
}
