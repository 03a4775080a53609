package io.blockmover.cbt.k8s;

import static io.blockmover.cbt.k8s.SidecarReply.Message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.Extent;
import io.blockmover.api.TrackingUnavailable;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a stream may look like, and what is refused. */
class StreamContractTest extends SidecarTest {

  @Test
  void touchingExtentsAreJoinedOverTheBordersOfMessages() throws Exception {
    sidecar.answering(
        request ->
            SidecarReply.ok(
                Message.of(SIZE, 0, KIB4, KIB4, KIB4),
                Message.of(SIZE, 2 * KIB4, KIB4),
                Message.of(SIZE),
                Message.of(SIZE, 4 * KIB4, KIB4)));
    assertThat(allocated()).containsExactly(new Extent(0, 3 * KIB4), new Extent(4 * KIB4, KIB4));
  }

  @Test
  void aStreamWithoutMessagesIsAnEmptyList() throws Exception {
    assertThat(allocated()).isEmpty();
    assertThat(changed()).isEmpty();
  }

  @Test
  void messagesWithoutEntriesAreAnEmptyList() throws Exception {
    sidecar.answering(request -> SidecarReply.ok(Message.of(SIZE), Message.of(SIZE)));
    assertThat(allocated()).isEmpty();
  }

  @Test
  void whatRunsPastTheEndIsCutThere() throws Exception {
    sidecar.answering(request -> SidecarReply.ok(Message.of(SIZE - 100, SIZE - KIB4, KIB4)));
    // The last 100 bytes are not in the driver's capacity: nobody said that they are zeros.
    assertThat(allocated()).containsExactly(Extent.between(SIZE - KIB4, SIZE));
    sidecar.answering(request -> SidecarReply.ok(Message.of(SIZE, SIZE - KIB4, 10 * KIB4)));
    assertThat(allocated()).containsExactly(Extent.between(SIZE - KIB4, SIZE));
  }

  @Test
  void whatTheDriverDoesNotKnowOfIsListed() throws Exception {
    sidecar.answering(request -> SidecarReply.ok(Message.of(SIZE / 2, 0, KIB4)));
    List<Extent> expected = List.of(new Extent(0, KIB4), Extent.between(SIZE / 2, SIZE));
    assertThat(allocated()).isEqualTo(expected);
    assertThat(changed()).isEqualTo(expected);
  }

  @Test
  void aVolumeThatGrewAfterTheSnapshotIsCutToTheSnapshot() throws Exception {
    sidecar.answering(
        request -> SidecarReply.ok(Message.of(4 * SIZE, 0, KIB4, SIZE - 10, 20, 2 * SIZE, KIB4)));
    assertThat(allocated()).containsExactly(new Extent(0, KIB4), new Extent(SIZE - 10, 10));
  }

  @Test
  void aVolumeThatGrewBetweenTheSnapshotsHasChangedThere() throws Exception {
    sidecar.answering(request -> SidecarReply.ok(Message.of(SIZE, 0, KIB4, SIZE - KIB4, KIB4)));
    assertThat(changedSince(snapshot("old", SIZE / 2, 1)))
        .containsExactly(new Extent(0, KIB4), Extent.between(SIZE / 2, SIZE));
    sidecar.answering(request -> SidecarReply.ok());
    assertThat(changedSince(snapshot("old", SIZE / 2, 1)))
        .containsExactly(Extent.between(SIZE / 2, SIZE));
  }

  @Test
  void anOffsetCutsTheList() throws Exception {
    sidecar.answering(
        request -> SidecarReply.ok(Message.of(SIZE, 0, KIB4, 2 * KIB4, KIB4, 4 * KIB4, KIB4)));
    assertThat(allocated(2 * KIB4 + 7))
        .containsExactly(new Extent(2 * KIB4 + 7, KIB4 - 7), new Extent(4 * KIB4, KIB4));
    assertThat(allocated(SIZE)).isEmpty();
  }

  static Stream<Arguments> violations() {
    Message good = Message.of(SIZE, KIB4, KIB4, 4 * KIB4, KIB4);
    return Stream.of(
        Arguments.of(good, Message.of(SIZE, 2 * KIB4, KIB4), "message 2: entry 1 .* out of order"),
        Arguments.of(good, Message.of(SIZE, 5 * KIB4 - 1, KIB4), "message 2: entry 1 .* overlaps"),
        Arguments.of(good, Message.of(SIZE, 4 * KIB4, KIB4), "message 2: entry 1 .* overlaps"),
        Arguments.of(
            good,
            Message.of(SIZE, 8 * KIB4, KIB4, 9 * KIB4 - 1, 1),
            "message 2: entry 2 .* overlaps"),
        Arguments.of(good, Message.of(SIZE, 8 * KIB4, 0), "message 2: entry 1 .* no size"),
        Arguments.of(good, Message.of(SIZE, 8 * KIB4, -1), "message 2: entry 1 .* no size"),
        Arguments.of(Message.of(SIZE, -1, 5), good, "message 1: entry 1 .* before the volume"),
        Arguments.of(
            good,
            Message.of(SIZE, 8 * KIB4, Long.MAX_VALUE),
            "message 2: entry 1 .* ends beyond what a number holds"),
        Arguments.of(good, Message.of(SIZE, SIZE, 1), "message 2: entry 1 .* beyond the capacity"),
        Arguments.of(good, Message.of(0, 8 * KIB4, 1), "message 2: the volume's capacity is 0"),
        Arguments.of(good, Message.of(SIZE + 1, 8 * KIB4, 1), "message 2: the stream was of"),
        Arguments.of(
            good,
            new Message(SidecarReply.FIXED, SIZE, List.of()),
            "message 2: the stream was of variable"),
        Arguments.of(
            good, new Message(0, SIZE, List.of()), "message 2: block metadata type 0 is none"),
        Arguments.of(
            new Message(7, SIZE, List.of()), good, "message 1: block metadata type 7 is none"));
  }

  @ParameterizedTest
  @MethodSource("violations")
  void whatBreaksTheContractIsAnErrorThatNamesTheRecord(
      Message first, Message second, String message) {
    sidecar.answering(request -> SidecarReply.ok(first, second));
    assertThatThrownBy(this::allocated)
        .isInstanceOf(TrackingUnavailable.class)
        .message()
        .containsPattern(message)
        .contains("driver fake.csi broke the contract");
    assertThat(sidecar.requests).hasSize(1);
  }
}
